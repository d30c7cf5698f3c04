"""How often the 80 % ranges of the lifetime forecast hold what came: in simulated shops, and rolled over real orders.

A simulated shop draws its customers from one of the models, day by day, so that the model is right. It is forecast twelve
months ahead, discounted, by everything that a run does: contest, test, spend model and ranges. Real orders are forecast
from a fresh origin every 14 days, 91 days ahead, in purchase days, from nothing but the orders up to the origin.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measure import cost_of_call
from report import Claim, Report, options, publish

if TYPE_CHECKING:
    import numpy as np

    from regulars.clv.history import History, Standing
    from regulars.clv.ranges import Uncertainty

    Floats = np.ndarray[Any, np.dtype[np.float64]]

DATA = Path(__file__).parents[1] / "tests" / "data"
REAL = {"CDNOW": "cdnow_sample.csv", "Online Retail 2009-2010": "online_retail_2009_2010.parquet"}
FIRST_ORIGIN, EVERY, AHEAD = 182, 14, 91  # days
# Estimates for CDNOW, in days: Fader, Hardie & Lee (2005a); Batislam et al. (2007); Fader & Hardie (2013).
TRUE = {
    "bgnbd": (0.243, 4.414 * 7, 0.793, 2.426),
    "mbgnbd": (0.525, 6.183 * 7, 0.891, 1.614),
    "paretonbd": (0.553, 10.578 * 7, 0.606, 11.669 * 7),
}
P, Q, V = 6.25, 3.74, 15.44
SHOPS, CUSTOMERS, DAYS, MONTHS, RATE = 200, 1500, 728, 12, 0.10
LEAST, MOST = 0.75, 0.85  # of totals inside, when the model is right
CLASSES = 4  # segments: customers with 0, 1, 2, and 3 or more repeat purchase days
PARTS = ("total", "segments", "customers")


@dataclass(frozen=True)
class Shop:
    """Customers drawn from a model: what is known of them, and the discounted money of the twelve months after."""

    history: History
    later: Floats


def draw(model: str, seed: int) -> Shop:
    """Return a shop whose customers come, buy, spend and go as the model says."""
    import numpy as np  # noqa: PLC0415

    from regulars.clv.history import History  # noqa: PLC0415
    from regulars.clv.units import DAYS_A_MONTH  # noqa: PLC0415

    random, size = np.random.default_rng(seed), CUSTOMERS
    r, alpha, third, fourth = TRUE[model]
    rate, drop = random.gamma(r, 1 / alpha, size), random.beta(third, fourth, size)
    lasting = model == "paretonbd"
    first = random.integers(0, DAYS - 30, size)
    first[0] = 0
    gone = first + random.exponential(1 / random.gamma(third, 1 / fourth, size)) if lasting else np.full(size, np.inf)
    moment, scale = first.astype(float), 1 / random.gamma(Q, 1 / V, size)
    who = np.flatnonzero(random.random(size) >= drop) if model == "mbgnbd" else np.arange(size)
    bought, came = [np.arange(size)], [first]
    until = DAYS + MONTHS * DAYS_A_MONTH
    while len(who):
        moment[who] += random.exponential(1 / rate[who])
        who = who[(moment[who] <= until) & (moment[who] <= gone[who])]
        bought.append(who)
        came.append(np.ceil(moment[who]).astype(np.int64))
        if not lasting:
            who = who[random.random(len(who)) >= drop[who]]
    # Purchases of one customer on one day are one; the last day known holds all that came up to its end.
    table = np.unique(np.column_stack([np.concatenate(bought), np.concatenate(came)]), axis=0)
    customer, day = table.T
    spend = random.gamma(P, scale[customer])
    known = day <= DAYS
    month = np.ceil((day - DAYS) / DAYS_A_MONTH) - 1
    worth = np.where(known, 0.0, spend * (1 + RATE) ** -((month + 0.5) / 12))
    history = History(customer[known], day[known], first, dt.date(2024, 1, 1), DAYS, spend[known])
    return Shop(history, np.bincount(customer, worth, size))


def held(uncertainty: Uncertainty, classes: Any, later: Floats) -> dict[str, float]:
    """Return whether the total lay in its range, and the shares of segments and of customers that did."""
    import numpy as np  # noqa: PLC0415

    def inside(part: Any) -> bool:
        low, high = uncertainty.group(part)
        return bool(low <= later[part].sum() <= high)

    low, high = uncertainty.customers()
    parts = [classes == one for one in np.unique(classes)]
    return {
        "total": float(inside(classes >= 0)),
        "segments": float(np.mean([inside(part) for part in parts])),
        "customers": float(np.mean((low <= later) & (later <= high))),
    }


def classes_of(standing: Standing) -> Any:
    """Return the segment of each customer."""
    import numpy as np  # noqa: PLC0415

    return np.minimum(standing.frequency, CLASSES - 1).astype(int)


def simulate(model: str, shops: str) -> None:
    """Print how often ranges held in simulated shops: by the true model alone, and by all that a run does."""
    from regulars.clv.engine import OwnEngine  # noqa: PLC0415
    from regulars.clv.estimate import choose  # noqa: PLC0415
    from regulars.clv.fitted import NoFit  # noqa: PLC0415
    from regulars.clv.forecast import Rhythm  # noqa: PLC0415
    from regulars.clv.spending import spending_of  # noqa: PLC0415
    from regulars.clv.value import values_of  # noqa: PLC0415

    engine, found = OwnEngine(), []
    for seed in range(int(shops)):
        shop = draw(model, seed)
        standing = shop.history.standing(DAYS)
        money = shop.history.spent(-1, DAYS) / standing.frequency.clip(min=1)
        spending = spending_of(standing.frequency, money, engine)
        right = engine.fit_purchases(model, standing, information=True)
        choice = choose(shop.history, standing, engine, engine.fit_purchases("bgnbd", standing, information=True))
        if isinstance(spending, NoFit) or isinstance(right, NoFit) or isinstance(choice, NoFit):
            sys.exit(f"shop {seed} of {model} has no forecast")
        sides = {"right": (right, 0.0), "run": (choice.forecast, choice.error)}
        one: dict[str, dict[str, float]] = {}
        for side, (forecast, error) in sides.items():
            _, uncertainty = values_of(standing, forecast, spending, Rhythm(1.0, 1.0), MONTHS, RATE, error)
            one[side] = held(uncertainty, classes_of(standing), shop.later)
        one["run"] |= {"widened": float(choice.error > 0), "chosen": float(choice.forecast.key == model)}
        found.append(one)
    print(json.dumps(_means(found)))


def roll(name: str, every: str) -> None:
    """Print how often ranges held, over origins in real orders: without and with the error that backtests showed."""
    from regulars.base.settings import Settings  # noqa: PLC0415
    from regulars.clv.engine import OwnEngine  # noqa: PLC0415
    from regulars.clv.estimate import choose  # noqa: PLC0415
    from regulars.clv.fitted import NoFit  # noqa: PLC0415
    from regulars.clv.history import History  # noqa: PLC0415
    from regulars.clv.ranges import Uncertainty  # noqa: PLC0415
    from regulars.orders.load import load_orders  # noqa: PLC0415
    from regulars.summary import summarise  # noqa: PLC0415

    summary = summarise(load_orders([DATA / REAL[name]], Settings()))
    whole, engine, found = History.of(summary.customers, summary.days), OwnEngine(), []
    origins = range(FIRST_ORIGIN, whole.end - AHEAD + 1, int(every))
    for origin in origins:
        known = whole.until(origin)
        standing = known.standing(origin)
        choice = choose(known, standing, engine, engine.fit_purchases("bgnbd", standing, information=True))
        if isinstance(choice, NoFit):
            continue
        later = whole.standing(origin).counts(origin, origin + AHEAD)
        forecast, days = choice.forecast, float(AHEAD)
        orders = forecast.orders(standing, days)
        plain = Uncertainty(
            orders,
            forecast.variance(standing, days),
            forecast.chance(standing, days),
            *forecast.slopes(standing, days),
        )
        wide = replace(plain, error=choice.error)
        one = {"without": held(plain, classes_of(standing), later), "with": held(wide, classes_of(standing), later)}
        one["with"]["missed"] = abs(float(orders.sum() / later.sum()) - 1)
        found.append(one)
    print(json.dumps(_means(found) | {"origins": {"all": len(origins), "forecast": len(found)}}))


def _means(found: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    return {
        side: {key: sum(one[side][key] for one in found) / len(found) for key in found[0][side]} for side in found[0]
    }


def report(*, quick: bool) -> Report:
    """Simulate shops of each model, and roll over both sets of real orders."""
    from regulars.clv.engine import MODELS  # noqa: PLC0415

    shops = 30 if quick else SHOPS
    figures: dict[str, float] = {}
    rows, claims, notes = [], [], []
    for model in ("bgnbd",) if quick else TRUE:
        told = json.loads(cost_of_call(simulate, model, shops).output)
        for side, words in (("right", "the true model alone"), ("run", "all that a run does")):
            rows.append((f"{shops} shops, {MODELS[model]}: {words}", *(f"{told[side][part]:.0%}" for part in PARTS)))
            figures |= {f"{model}.{side}.{key}": value for key, value in told[side].items()}
            share = told[side]["total"]
            claims.append(
                Claim(f"{MODELS[model]}, {words}: {share:.1%} of totals inside (75% to 85%)", LEAST <= share <= MOST)
            )
        notes.append(
            f"{MODELS[model]}: the contest chose it in {told['run']['chosen']:.0%} of the shops; the backtest widened the range "
            f"in {told['run']['widened']:.0%}."
        )
    for name in REAL:
        told = json.loads(cost_of_call(roll, name, 3 * EVERY if quick else EVERY).output)
        count = int(told["origins"]["forecast"])
        for side in ("without", "with"):
            totals = f"{round(told[side]['total'] * count)} of {count}"
            rows.append(
                (f"{name}: {side} the backtest's error", totals, *(f"{told[side][part]:.0%}" for part in PARTS[1:]))
            )
            figures |= {f"{name}.{side}.{key}": value for key, value in told[side].items()}
        figures[f"{name}.origins"] = count
        notes.append(
            f"{name}: the total was missed by {told['with']['missed']:.0%} on average; {told['origins']['all'] - count} origins had "
            "no forecast."
        )
    if quick:
        notes.append("Thirty shops are too few to judge 75% to 85% by: nothing is claimed.")
    return Report(
        "coverage",
        "How often the 80% range held what came",
        ("Range", "Total", "Segments", "Customers"),
        rows,
        figures,
        () if quick else claims,
        notes,
    )


if __name__ == "__main__":
    chosen = options(__doc__ or "")
    sys.exit(publish(report(quick=chosen.quick), chosen))
