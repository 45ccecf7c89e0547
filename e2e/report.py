"""Writes what the tests of the last run came to, and the pictures of the journey, as one page. `make report` runs it."""

from __future__ import annotations

import base64
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from xml.etree import ElementTree as ET

from e2e.conftest import JOURNEY, RESULTS

PAGE = RESULTS / "report.html"
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color-scheme: light dark }
table { border-collapse: collapse; width: 100% }
th, td { padding: .25rem .5rem; text-align: start; border-bottom: 1px solid #8884 }
td.number { text-align: end; font-variant-numeric: tabular-nums }
pre { overflow-x: auto; background: #8882; padding: .5rem }
img { width: 100%; border: 1px solid #8884; border-radius: 8px }
"""


@dataclass(frozen=True)
class Outcome:
    """What one test came to; without a reason it passed."""

    file: str
    name: str
    seconds: float
    reason: str


def main() -> int:
    """Write the page; 1 when a test failed."""
    outcomes = [outcome for file in sorted(RESULTS.glob("*.xml")) for outcome in _read(file)]
    if not outcomes:
        sys.stderr.write("There are no results yet; `make report` runs the tests and writes them.\n")
        return 1
    PAGE.write_text(_page(outcomes, sorted(JOURNEY.glob("*.png"))), encoding="utf-8")
    sys.stdout.write(f"{PAGE}: {_summary(outcomes)}\n")
    return 1 if any(outcome.reason for outcome in outcomes) else 0


def _read(file: Path) -> Iterator[Outcome]:
    # What pytest has written here itself (the xUnit 2 format).
    for case in ET.parse(file).iter("testcase"):
        wrong = [*case.iter("failure"), *case.iter("error")]
        yield Outcome(
            file=case.get("classname", "").replace(".", "/"),
            name=case.get("name", ""),
            seconds=float(case.get("time", 0)),
            reason="\n".join(each.text or each.get("message", "") for each in wrong),
        )


def _summary(outcomes: Sequence[Outcome]) -> str:
    failed = sum(bool(outcome.reason) for outcome in outcomes)
    return f"{len(outcomes) - failed:,} passed, {failed:,} failed"


def _page(outcomes: Sequence[Outcome], pictures: Sequence[Path]) -> str:
    parts = [
        f"<h1>Punctual: {_summary(outcomes)}</h1>",
        *_failures(outcomes),
        *_journey(pictures),
        *_table(outcomes),
    ]
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>Punctual: results</title><style>{_STYLE}</style>{''.join(parts)}</html>"
    )


def _failures(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for outcome in outcomes:
        if outcome.reason:
            yield f"<h2>{escape(outcome.file)}: {escape(outcome.name)}</h2><pre>{escape(outcome.reason)}</pre>"


def _journey(pictures: Sequence[Path]) -> Iterator[str]:
    if pictures:
        yield "<h2>The journey</h2>"
    for picture in pictures:
        data = base64.b64encode(picture.read_bytes()).decode()
        caption = escape(picture.stem.partition(" ")[2])
        yield f'<figure><img alt="{caption}" src="data:image/png;base64,{data}"><figcaption>{caption}</figcaption></figure>'


def _table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    files: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        files[outcome.file].append(outcome)
    yield "<h2>All tests</h2><table><tr><th>File<th>Tests<th>Failed<th>Seconds</tr>"
    for file, found in sorted(files.items()):
        numbers = (
            len(found),
            sum(bool(each.reason) for each in found),
            round(sum(each.seconds for each in found), 1),
        )
        cells = "".join(f'<td class="number">{number:,}</td>' for number in numbers)
        yield f"<tr><td>{escape(file)}</td>{cells}</tr>"
    yield "</table>"


if __name__ == "__main__":
    sys.exit(main())
