"""Runs the benchmarks: `python -m bench [QUESTION ...] [--check]`."""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import platform
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from bench import questions
from bench.figures import Figure, Verdict, table
from bench.whole import LeftOut

RESULTS = Path(__file__).resolve().parent / "results"


def main() -> int:
    """Measure what is asked for; the exit status."""
    names = sorted(module.name for module in pkgutil.iter_modules(questions.__path__))
    arguments = _arguments(names)
    missed = False
    for name in arguments.questions or names:
        figures = _answer(name)
        missed |= any(figure.relative and figure.verdict is Verdict.MISS for figure in figures)
    return 1 if arguments.check and missed else 0


def _arguments(names: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "questions", nargs="*", choices=[*names, []], metavar="QUESTION", help=", ".join(names)
    )
    parser.add_argument("--check", action="store_true", help="exit 1 on a missed ratio, count or size")
    return parser.parse_args()


def _answer(name: str) -> Sequence[Figure]:
    module = importlib.import_module(f"bench.questions.{name}")
    answer = cast("Callable[[], Sequence[Figure]]", module.answer)
    try:
        figures = answer()
    except LeftOut as reason:
        print(f"{str(module.__doc__).strip()}\n  left out: {reason}", flush=True)
        return []
    print(table(str(module.__doc__).strip(), figures), flush=True)
    RESULTS.mkdir(exist_ok=True)
    result = {
        "question": name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "figures": [figure.as_json() for figure in figures],
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return figures


if __name__ == "__main__":
    sys.exit(main())
