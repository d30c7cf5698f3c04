"""What the full deck costs, from an analysis that is done to a file, and what looking it through costs, imports included."""

from __future__ import annotations

import json
import pickle
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from measure import Cost, cost_of, cost_of_call, least
from report import Claim, Report, options, publish

DATA = Path(__file__).parents[1] / "tests" / "data"
SHOPS = {"superstore": "superstore.parquet", "cdnow": "cdnow_sample.csv", "retail": "online_retail_2009_2010.parquet"}
QUICK = ("superstore", "cdnow")
FEWEST_SLIDES, MOST_SECONDS, MOST_BYTES = 20, 4.0, 1_000_000
MOST_LINT_SECONDS = 2.0


def keep(orders: str, place: str) -> None:
    """Analyse a file of orders and keep the analysis with its facts: no part of what is measured."""
    from regulars.analysis import analyse  # noqa: PLC0415
    from regulars.base.settings import Settings  # noqa: PLC0415
    from regulars.findings import find_facts  # noqa: PLC0415
    from regulars.orders.load import load_orders  # noqa: PLC0415

    settings = Settings(currency="USD", slides=("full",))
    analysis = analyse(load_orders([Path(orders)], settings), settings)
    facts = find_facts(analysis)
    with Path(place).open("wb") as file:
        pickle.dump((analysis, list(facts.values()), facts.currency), file)


def draw(place: str, deck_place: str) -> None:
    """Write the full deck of a kept analysis, and print what came of it."""
    from regulars.base.facts import Facts  # noqa: PLC0415
    from regulars.render.deck import write_deck  # noqa: PLC0415
    from regulars.story.slides import deck  # noqa: PLC0415

    with Path(place).open("rb") as file:
        analysis, facts, currency = pickle.load(file)  # noqa: S301  written above
    before = time.process_time()
    told = Facts(facts, currency)
    spec = deck(analysis, told)
    write_deck(spec, Path(deck_place), currency)
    took = time.process_time() - before
    print(json.dumps({"slides": len(spec.slides), "bytes": Path(deck_place).stat().st_size, "drawing": took}))


def measured(folder: Path, name: str, times: int) -> tuple[Cost, Cost, dict[str, float]]:
    """Return the least cost of drawing a shop's full deck and of looking it through, and what the first child printed."""
    kept, place = folder / f"{name}.pickle", folder / f"{name}.pptx"
    cost_of_call(keep, DATA / SHOPS[name], kept)
    cost = least(partial(cost_of_call, draw, kept, place), times)
    lint = least(partial(cost_of, (sys.executable, "-m", "regulars", "lint-deck", place)), times)
    return cost, lint, json.loads(cost.output)


def report(*, quick: bool) -> Report:
    """Draw each shop's full deck, and compare with what is claimed."""
    times = 2 if quick else 5
    rows, figures, claims = [], {}, []
    with tempfile.TemporaryDirectory() as name:
        for shop in QUICK if quick else SHOPS:
            cost, lint, made = measured(Path(name), shop, times)
            slides, size = int(made["slides"]), int(made["bytes"])
            rows.append(
                (
                    shop,
                    str(slides),
                    f"{cost.cpu:.2f}",
                    f"{made['drawing']:.2f}",
                    f"{cost.wall:.2f}",
                    f"{lint.cpu:.2f}",
                    f"{size / 1000:.0f}",
                )
            )
            figures |= {
                f"{shop}.slides": slides,
                f"{shop}.cpu_seconds": cost.cpu,
                f"{shop}.drawing_cpu_seconds": made["drawing"],
                f"{shop}.wall_seconds": cost.wall,
                f"{shop}.lint_cpu_seconds": lint.cpu,
                f"{shop}.bytes": size,
            }
            claims += [
                Claim(f"{shop}: the full deck has {slides} slides, {FEWEST_SLIDES} or more", slides >= FEWEST_SLIDES),
                Claim(
                    f"{shop}: it takes {cost.cpu:.2f} CPU s with all imports, less than {MOST_SECONDS:.0f} s",
                    cost.cpu < MOST_SECONDS,
                ),
                Claim(
                    f"{shop}: looking it through takes {lint.cpu:.2f} CPU s, less than {MOST_LINT_SECONDS:.0f} s",
                    lint.cpu < MOST_LINT_SECONDS,
                ),
                Claim(f"{shop}: it has {size:,} bytes, less than {MOST_BYTES:,}", size < MOST_BYTES),
            ]
    return Report(
        name="deck",
        title=f"The full deck of a finished analysis, least of {times} runs",
        columns=("shop", "slides", "CPU s", "of it drawing", "wall s", "lint CPU s", "KB"),
        rows=rows,
        figures=figures,
        claims=claims,
        notes=("CPU s: start of the interpreter, all imports, reading the analysis back, and the deck.",),
    )


if __name__ == "__main__":
    chosen = options(__doc__ or "")
    sys.exit(publish(report(quick=chosen.quick), chosen))
