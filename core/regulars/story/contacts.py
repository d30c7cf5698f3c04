"""Customer lists as rows: what importers of Klaviyo, Mailchimp and Shopify read, and what stands on the sheet.

Their documents agree on these: a header row; the first column named Email (Klaviyo takes Email, Email Address or Phone
Number there); the headers First Name, Last Name, Email and Tags spelt just so (Shopify; Mailchimp lets them be matched);
tags separated by commas; any other header becomes a property of that name (Klaviyo) or is matched or skipped. Consent is
not theirs to tell from orders, so no column claims it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.impact.lists import CustomerList, CustomerLists
from regulars.story.texts import sentences, text
from regulars.story.why import why

# What an importer takes as an address, and a spreadsheet program never as a formula: it begins with a letter or digit.
ADDRESS = r"[A-Za-z0-9][^@\s,;\"<>]*@[^@\s,;\"<>]+\.[^@\s.,;\"<>]+"
CONTACT_HEADERS = ("Email", "First Name", "Last Name", "Tags", "Customer ID", "Group")


def list_name(key: str) -> str:
    """Return a list's name as people read it."""
    return str(sentences("lists")[key]["name"])


def list_file(key: str) -> str:
    """Return the name of a list's file."""
    return f"{sentences('lists')[key]['file']}.csv"


def who(one: CustomerList, analysis: Analysis) -> str:
    """Return in words who is on a list."""
    words, settings, since = sentences("lists")[one.key], analysis.settings, analysis.lists.alerts_since
    template = words["who_untold"] if "who_untold" in words and since is None else words["who"]
    return str(
        template.format(
            since=since, a_year=settings.frequent_orders_a_year, orders=settings.frequent_orders,
            days=settings.lapsed_days,
        )
    )  # fmt: skip


def contacts(analysis: Analysis) -> Mapping[str, pd.DataFrame]:
    """Return the rows of each list's file by the list's key, the most revenue first."""
    everyone = _everyone(analysis)
    lists = analysis.lists
    order = np.lexsort((everyone["Customer ID"], -everyone["Revenue To Date"].to_numpy()))
    return {one.key: _tagged(everyone, one, lists, order) for one in lists.lists}


def notes(lists: Mapping[str, pd.DataFrame], facts: Facts) -> tuple[str, ...]:
    """Return what the user of the files should know before they are imported."""
    addressed = any((rows["Email"] != "").any() for rows in lists.values())
    empty = [list_file(key) for key, rows in lists.items() if rows.empty]
    told = () if addressed else (text("lists.no_address", facts),)
    return (*told, text("lists.empty", facts, files=", ".join(empty))) if empty else told


def _tagged(
    everyone: pd.DataFrame, one: CustomerList, lists: CustomerLists, order: npt.NDArray[np.int64]
) -> pd.DataFrame:
    words = sentences("lists")
    rows = everyone.iloc[order[one.members[order]]]
    tag = words["words"]["tag"]
    mine, group = tag.format(list=words[one.key]["file"]), rows["Group"].str.replace(" ", "-")
    rows = rows.assign(Tags=[f"{mine},{tag.format(list=name)}" for name in group])
    if one.key == "alerts":
        rows = rows.assign(Alert=alerts(lists)[rows.index])
    return rows


def groups(lists: CustomerLists) -> npt.NDArray[np.object_]:
    """Return for each customer whether to treat them or to leave them alone."""
    words = sentences("lists")["words"]
    return np.array([words["hold_out"] if held else words["treat"] for held in lists.held_out.tolist()], dtype=object)


def alerts(lists: CustomerLists) -> npt.NDArray[np.object_]:
    """Return for each customer what happened since the alerts look back, nothing for most."""
    words = sentences("lists")["words"]
    late = np.where(lists.became_late, words["late"], "")
    left = [words["left"].format(segment=name) if name else "" for name in lists.fell_from.tolist()]
    return np.array(["; ".join(filter(None, pair)) for pair in zip(left, late.tolist(), strict=True)], dtype=object)


def next_steps(analysis: Analysis) -> pd.DataFrame:
    """Return why, action and date of each customer; those who are left alone have no date."""
    reasons, held = why(analysis), analysis.lists.held_out
    return reasons.assign(
        action=reasons["action"].mask(held, sentences("lists")["words"]["leave"]),
        date=reasons["date"].dt.date.where(~held, None),
    )


def _everyone(analysis: Analysis) -> pd.DataFrame:
    frame, reasons = analysis.summary.customers.frame, next_steps(analysis)
    first, last = _names(analysis)
    ids = frame["customer"].astype(str)
    return pd.DataFrame(
        {
            "Email": ids.where(ids.str.fullmatch(ADDRESS), ""),
            "First Name": first,
            "Last Name": last,
            "Tags": "",
            "Customer ID": ids,
            "Group": groups(analysis.lists),
            "Segment": analysis.segmentations.lead.names(),
            "Orders": frame["orders"],
            "Revenue To Date": frame["revenue"].round(2),
            "Last Order": frame["last_day"].dt.date,
            "Why": reasons["why"],
            "Next Action": reasons["action"],
            "Action Date": reasons["date"],
        }
    )


def _names(analysis: Analysis) -> tuple[list[str], list[str]]:
    """Return first and last names from the table of customers.

    A name of two words is taken apart; any other stands whole as the first name, because where it parts is a guess.
    """
    ids, table = analysis.summary.customers.frame["customer"].tolist(), analysis.orders.customer_table
    if table is None:
        return [""] * len(ids), [""] * len(ids)
    known = dict(zip(table["customer"].to_pylist(), table["name"].to_pylist(), strict=True))
    parted = [_parted(known.get(customer) or "") for customer in ids]
    return [one for one, _ in parted], [other for _, other in parted]


def _parted(name: str) -> tuple[str, str]:
    """Take a name apart.

    >>> _parted("Ada Lovelace"), _parted("Harbour Gifts Ltd")
    (('Ada', 'Lovelace'), ('Harbour Gifts Ltd', ''))
    """
    words = name.split()
    return (words[0], words[1]) if len(words) == 2 else (" ".join(words), "")
