"""The verdict of a test, in plain sentences with figures."""

from __future__ import annotations

from regulars.base.units import COUNT, NUMBER, SHARE, counted
from regulars.clv.baselines import NAMES
from regulars.clv.model import Holdout
from regulars.clv.scores import Score


def verdict_of(holdout: Holdout) -> str:
    """Return what the test says: the total, the error of a customer against the naive rules, and the ranking.

    It says so when a naive rule is what the figures come from, and when a rule would have done better.
    """
    chosen = holdout.chosen
    total = (
        f"In a test on the {holdout.days} days after {holdout.split_day}, {_named(chosen)} expected "
        f"{COUNT.show(holdout.predicted)} repeat purchase days of {counted(holdout.customers, 'customer')}; there were "
        f"{COUNT.show(holdout.actual)} ({_signed(chosen.bias)})."
    )
    rules = sorted((one for one in holdout.scores if one.key in NAMES and one.key != chosen.key), key=lambda s: s.rmse)
    parts = [total]
    if chosen.key in NAMES:
        models = sorted((one for one in holdout.scores if one.key not in NAMES), key=lambda s: s.rmse)
        if models:
            parts.append(
                f"No model beat this simple rule when the forecast was chosen, so the rule is used: a customer is missed by "
                f"{NUMBER.show(chosen.rmse)} purchase days (root mean square), by {NUMBER.show(models[0].rmse)} with "
                f"{models[0].name}."
            )
    elif rules:
        best = rules[0]
        beats = "beats" if chosen.rmse < best.rmse else "does not beat"
        parts.append(
            f"It {beats} the best simple rule, {_named(best)}: a customer is missed by {NUMBER.show(chosen.rmse)} purchase "
            f"days (root mean square) against {NUMBER.show(best.rmse)}, the total by {_signed(chosen.bias)} against "
            f"{_signed(best.bias)}."
        )
    if chosen.top_decile is not None:
        parts.append(
            f"The tenth of customers it ranked highest made {SHARE.show(chosen.top_decile)} of those purchases."
        )
    return " ".join(parts)


def _named(one: Score) -> str:
    return f"'{one.name}'" if one.key in NAMES else one.name


def _signed(bias: float) -> str:
    return f"{'+' if bias > 0 else ''}{SHARE.show(bias)}"
