"""The stylesheets take every colour, size and duration from tokens.css, and use no token that isn't there."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[2] / "assets" / "styles"
FONTS = STYLES.parent
SHEETS = sorted(sheet for sheet in STYLES.glob("*.css") if sheet.name != "tokens.css")
BREAKPOINTS = {"1600px", "640px", "960px", "960.02px", "1240px", "380px"}
WRITTEN_OUT = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|light-dark)\(|(?<![\w-])\d*\.?\d+(?:px|rem|ms|s|pt|cm|mm)\b",
    re.IGNORECASE,
)


def rules(sheet):
    """The sheet without comments, strings, and the few places where CSS allows no variable."""
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    css = re.sub(r"@font-face\s*{.*?}", "", css, flags=re.DOTALL)
    return re.sub(r"@(?:media|supports|import)[^{;]*", "", css)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_nothing_is_written_out_beside_the_tokens(sheet):
    assert WRITTEN_OUT.findall(rules(sheet)) == []


@pytest.mark.parametrize("sheet", [*SHEETS, STYLES / "tokens.css"], ids=lambda sheet: sheet.name)
def test_every_variable_used_is_defined_or_has_a_fallback(sheet):
    defined = {
        name for each in STYLES.glob("*.css") for name in re.findall(r"(--[\w-]+)\s*:", each.read_text())
    }
    used = set(re.findall(r"var\((--[\w-]+)\)", sheet.read_text(encoding="utf-8")))
    assert used - defined == set()


def test_every_token_is_used():
    tokens = set(
        re.findall(r"^  (--[\w-]+):", (STYLES / "tokens.css").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    used = {
        name for each in STYLES.glob("*.css") for name in re.findall(r"var\((--[\w-]+)", each.read_text())
    }
    scale = {token for token in tokens if re.fullmatch(r"--(slate|indigo|s|tag)-.*", token)}
    assert tokens - used - scale == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_the_breakpoints_are_the_same_everywhere(sheet):
    queries = re.findall(r"@media[^{]*", sheet.read_text(encoding="utf-8"))
    assert {size for query in queries for size in re.findall(r"[\d.]+px", query)} <= BREAKPOINTS


def test_the_typeface_is_served_by_the_app():
    urls = re.findall(r'url\("([^"]+)"\)', (STYLES / "base.css").read_text(encoding="utf-8"))
    assert urls
    assert all((FONTS / url.lstrip("/")).is_file() for url in urls)


def test_the_index_imports_every_sheet_once():
    imported = re.findall(r'@import url\("\./([^"]+)"\)', (STYLES / "index.css").read_text(encoding="utf-8"))
    assert sorted(imported) == sorted(
        sheet.name for sheet in STYLES.glob("*.css") if sheet.name != "index.css"
    )
    assert imported[0] == "tokens.css"
