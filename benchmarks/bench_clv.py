"""The lifetime models against the lifetimes package: fits, spend, and twelve months of value; one BLAS thread each.

Both sides give point estimates: of the package the second derivatives after its search, from which it takes standard
errors, are switched off (a third of its time), though ours has them from the search itself.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measure import MEGABYTE, cost_of_call
from report import Claim, Report, options, publish

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Column = npt.NDArray[np.float64]

CDNOW = Path(__file__).parents[1] / "tests" / "data" / "cdnow_customers_summary.csv"
SMALL, MIDDLE, LARGE = 2_357, 100_000, 1_000_000
TIMES, SEED = 5, 7
SHORTEST = 0.02  # CPU seconds of one measurement: shorter calls are repeated
R, ALPHA, A, B = 0.243, 4.414 * 7, 0.793, 2.426  # Fader, Hardie & Lee (2005a), CDNOW, days
P, Q, V = 6.25, 3.74, 15.44  # Fader & Hardie (2013)
MOST_SECONDS, MOST_MEGABYTES = 6.0, 1_500

Task = Callable[[], object]


@dataclass(frozen=True)
class Target:
    """How many times as fast as the package: what we aim at, and what must hold."""

    aim: float
    least: float

    def __str__(self) -> str:
        """Show it in the table."""
        return f"{self.aim:.0f}" if self.aim == self.least else f"{self.aim:.0f} (least {self.least:.0f})"


TARGETS = {
    ("bgnbd", SMALL): Target(12, 12), ("bgnbd", MIDDLE): Target(20, 15), ("bgnbd", LARGE): Target(20, 15),
    ("gammagamma", SMALL): Target(20, 20), ("gammagamma", MIDDLE): Target(20, 20), ("gammagamma", LARGE): Target(20, 20),
    ("paretonbd", SMALL): Target(10, 10), ("clv12", LARGE): Target(40, 40),
}  # fmt: skip


def customers(count: int) -> tuple[Column, Column, Column, Column]:
    """Return frequency, recency and age in whole days, and mean spend: CDNOW, or drawn from BG/NBD; from Gamma-Gamma."""
    import numpy as np  # noqa: PLC0415

    random = np.random.default_rng(SEED)

    def spend(x: Column) -> Column:
        """Return the mean of x purchases, each drawn around the customer's own mean; 0 of none."""
        purchases = np.maximum(x, 1)
        mean = random.gamma(P * purchases) / purchases / random.gamma(Q, 1 / V, count)
        return np.where(x > 0, mean, 0.0)

    if count == SMALL:
        table = np.genfromtxt(CDNOW, delimiter=",", names=True)
        x, last, age = table["frequency"], np.round(table["recency"] * 7), np.round(table["T"] * 7)
        return x, last, age, spend(x)
    rate, drop = random.gamma(R, 1 / ALPHA, count), random.beta(A, B, count)
    age = random.integers(30, 731, count).astype(float)
    x, last, moment, who = np.zeros(count), np.zeros(count), np.zeros(count), np.arange(count)
    while len(who):
        moment[who] += random.exponential(1 / rate[who])
        who = who[moment[who] < age[who]]
        day = np.floor(moment[who])
        new = day > last[who]  # one purchase a day, and the first day is no repeat
        x[who[new]] += 1
        last[who[new]] = day[new]
        who = who[random.random(len(who)) >= drop[who]]
    return x, last, age, spend(x)


def tasks(count: int) -> dict[str, tuple[Task, Task]]:
    """Return for each task what we do and what the package does."""
    import pandas as pd  # noqa: PLC0415
    from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter  # noqa: PLC0415

    from regulars.clv.api import fit  # noqa: PLC0415
    from regulars.clv.bgnbd import fit_bgnbd  # noqa: PLC0415
    from regulars.clv.gammagamma import fit_gammagamma  # noqa: PLC0415
    from regulars.clv.paretonbd import fit_paretonbd  # noqa: PLC0415
    from regulars.clv.statistics import purchase_statistics, spend_statistics  # noqa: PLC0415

    x, last, age, money = customers(count)
    weeks = (x, last / 7, age / 7)
    again = x > 0
    found: dict[str, tuple[Task, Task]] = {}
    if count == SMALL:  # on many customers drawn from BG/NBD the package's search wanders for minutes: no fair race
        found["paretonbd"] = (
            lambda: fit_paretonbd(purchase_statistics(*weeks), information=False),
            lambda: ParetoNBDFitter().fit(*weeks),
        )
    found["bgnbd"] = (
        lambda: fit_bgnbd(purchase_statistics(*weeks), information=False),
        lambda: BetaGeoFitter().fit(*weeks),
    )
    found["gammagamma"] = (
        lambda: fit_gammagamma(spend_statistics(x[again], money[again]), information=False),
        lambda: GammaGammaFitter().fit(x[again], money[again]),
    )
    ours = fit(x, last, age, money)
    orders, spend = BetaGeoFitter(), GammaGammaFitter()
    orders.params_ = pd.Series({name: getattr(ours.purchases.params, name) for name in ("r", "alpha", "a", "b")})
    orders.predict = orders.conditional_expected_number_of_purchases_up_to_time
    if ours.spend is None:
        sys.exit("there is no spend model")
    params = ours.spend.params
    spend.params_ = pd.Series({"p": params.p, "q": params.q, "v": params.v})
    columns = [pd.Series(column) for column in (x, last, age, money)]
    found["clv12"] = (
        lambda: ours.clv(x, last, age, money, rate=0.01, as_lifetimes=True),
        lambda: spend.customer_lifetime_value(orders, *columns, time=12, discount_rate=0.01, freq="D"),
    )
    return found


def race(count: str, times: str) -> None:
    """Measure every task of one size in this process, ours and the package's in turn; print CPU seconds."""
    one_thread()
    import warnings  # noqa: PLC0415

    import numpy as np  # noqa: PLC0415
    from lifetimes import fitters  # noqa: PLC0415

    warnings.simplefilter("ignore")
    fitters.hessian = lambda _: lambda point, *_: np.eye(len(point))
    spent: dict[str, list[list[float]]] = {}
    with np.errstate(all="ignore"):
        for name, both in tasks(int(count)).items():
            repeats = [repeats_of(call) for call in both]  # imports, and what is computed once, go with the first call
            spent[name] = [[], []]
            for _ in range(int(times)):
                for side, call in enumerate(both):
                    spent[name][side].append(seconds(call, repeats[side]) / repeats[side])
    print(json.dumps({name: [statistics.median(side) for side in both] for name, both in spent.items()}))


def one_thread() -> None:
    """Hold the linear algebra of this process to one thread; before numpy is imported."""
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"


def seconds(call: Task, repeats: int = 1) -> float:
    """Return the CPU seconds of some calls."""
    begin = time.process_time()
    for _ in range(repeats):
        call()
    return time.process_time() - begin


def repeats_of(call: Task) -> int:
    """Return how many calls make a measurement long enough; the call is warm afterwards."""
    once = seconds(call)
    if once < SHORTEST:
        once = seconds(call)
    return max(1, round(SHORTEST / once))


def everything(count: str) -> None:
    """Fit both models and compute every figure of each customer in this process; print CPU seconds without imports."""
    one_thread()
    import datetime as dt  # noqa: PLC0415

    import numpy as np  # noqa: PLC0415

    from regulars.clv.engine import OwnEngine  # noqa: PLC0415
    from regulars.clv.forecast import Rhythm  # noqa: PLC0415
    from regulars.clv.history import History, Standing  # noqa: PLC0415
    from regulars.clv.spending import spending_of  # noqa: PLC0415
    from regulars.clv.value import values_of  # noqa: PLC0415

    def run(x: Any, last: Any, age: Any, money: Any) -> None:
        none = np.zeros(0, dtype=np.int64)
        history = History(none, none, np.zeros(len(x), dtype=np.int64), dt.date(2025, 1, 1), 730)
        standing, engine = Standing(history, 730, np.arange(len(x)), x, last, age), OwnEngine()
        fitted: Any = engine.fit_purchases("bgnbd", standing, information=True)
        spending: Any = spending_of(x, money, engine)
        rhythm = Rhythm(fitted.params.r, fitted.params.alpha * 7)
        values_of(standing, fitted, spending, rhythm, 12, 0.10, 0.0)

    run(*(column[:2000] for column in customers(SMALL)))
    columns = customers(int(count))
    begin = time.process_time()
    run(*columns)
    print(json.dumps({"cpu_seconds": time.process_time() - begin}))


def report(*, quick: bool) -> Report:
    """Race over the sizes."""
    sizes = (SMALL, MIDDLE) if quick else (SMALL, MIDDLE, LARGE)
    figures: dict[str, float] = {}
    rows, claims = [], []
    for count in sizes:
        for name, (ours, theirs) in json.loads(cost_of_call(race, count, TIMES).output).items():
            ratio, target = theirs / ours, TARGETS.get((name, count))
            figures |= {
                f"{name}.{count}.ratio_to_lifetimes": ratio,
                f"{name}.{count}.cpu_seconds": ours,
                f"{name}.{count}.lifetimes_cpu_seconds": theirs,
            }
            shown = "–" if target is None else str(target)
            rows.append((f"{name}, {count:,} customers", f"{ours:.4f}", f"{theirs:.4f}", f"{ratio:.1f}", shown))
            if target is not None:
                said = f"{name}, {count:,}: {ratio:.1f} times as fast (at least {target.least:.0f})"
                claims.append(Claim(said, ratio >= target.least))
    whole = MIDDLE if quick else LARGE
    cost = cost_of_call(everything, whole)
    seconds, megabytes = json.loads(cost.output)["cpu_seconds"], cost.peak / MEGABYTE
    figures |= {f"all_figures.{whole}.cpu_seconds": seconds, f"all_figures.{whole}.peak_megabytes": megabytes}
    limit = "–" if quick else f"{MOST_SECONDS:.0f} s, {MOST_MEGABYTES:,} MB"
    rows.append((f"fits and every figure, {whole:,}", f"{seconds:.2f}", "–", f"{megabytes:,.0f} MB", limit))
    if not quick:
        held = seconds < MOST_SECONDS and megabytes < MOST_MEGABYTES
        said = f"{seconds:.1f} s CPU and {megabytes:,.0f} MB for a million customers"
        claims.append(Claim(f"{said} (below {MOST_SECONDS:.0f} s and {MOST_MEGABYTES:,} MB)", held))
    return Report(
        name="clv",
        title=f"Lifetime models, CPU seconds, medians of {TIMES}, one BLAS thread",
        columns=("task", "ours", "lifetimes", "ratio", "target"),
        rows=rows,
        figures=figures,
        claims=claims,
        notes=(
            "Point estimates: the standard errors of lifetimes are switched off, a third of its time.",
            "Both sides fit the same customers from their arrays; merging equal ones is part of ours.",
        ),
    )


if __name__ == "__main__":
    chosen = options(__doc__ or "")
    sys.exit(publish(report(quick=chosen.quick), chosen))
