"""Every pair of colours the page puts together is readable in both themes: WCAG 2.2 AA, from the tokens themselves."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

TOKENS = Path(__file__).parents[2] / "assets" / "styles" / "tokens.css"
THEMES = ("light", "dark")
TEXT, MARK = 4.5, 3.0  # WCAG 1.4.3 for text below 18 pt, 1.4.11 for what is not text

HUES = ("red", "orange", "amber", "green", "teal", "cyan", "blue", "violet", "pink", "slate")
GROUNDS = ("ground", "ground-side", "ground-float")
ROWS = ("ground", "row-hover", "row-selected")
EVERYWHERE = (*GROUNDS, "row-hover", "row-selected", "fill", "fill-hover")
DUE = ("due-overdue", "due-today", "due-tomorrow", "due-later")
PRIORITIES = ("priority-high", "priority-medium", "priority-low", "priority-none")

TEXT_ON_GROUND = [
    *((text, ground) for text in ("text", "text-quiet") for ground in (*EVERYWHERE, "fill-active")),
    *((text, ground) for text in ("danger-text", *DUE) for ground in EVERYWHERE),
    *((text, ground) for text in ("accent-text", "success-text") for ground in (*GROUNDS, *ROWS)),
    *(("accent-text", fill) for fill in ("accent-fill", "accent-fill-strong", "nav-current")),
    *(("text", fill) for fill in ("accent-fill-strong", "warning-fill", "match")),
    *((f"{kind}-text", f"{kind}-fill") for kind in ("danger", "warning", "success")),
    ("text-quiet", "warning-fill"),
    *(("text-on-accent", fill) for fill in ("accent", "accent-hover", "danger", "danger-hover")),
    *((text, "ground-inverse") for text in ("text-inverse", "text-inverse-quiet", "accent-inverse")),
    *(("text", ground) for ground in ("ground-raised",)),
]
TEXT_ON_TINT = [
    *((f"tag-{hue}-text", f"tag-{hue}-tint", ground) for hue in HUES for ground in (*GROUNDS, *ROWS)),
    *(("text", f"tag-{hue}-tint", ground) for hue in HUES for ground in GROUNDS),
    ("text-inverse", "hover-inverse", "ground-inverse"),
    ("accent-inverse", "hover-inverse", "ground-inverse"),
]
MARKS_ON_GROUND = [
    *((ring, ground) for ring in PRIORITIES for ground in ROWS),
    *(("ground", ring) for ring in PRIORITIES),  # the check mark on the filled ring
    *(("line-control", ground) for ground in (*GROUNDS, "row-selected")),
    *(("focus", ground) for ground in EVERYWHERE),
    *(("accent", ground) for ground in ("ground", "row-selected")),
    *(("text-on-accent", fill) for fill in ("accent", "slate-9")),  # the knob of a switch
    ("accent-inverse", "ground-inverse"),
    ("slate-9", "ground"),
]


class Colour(NamedTuple):
    """A colour in sRGB, each part between 0 and 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def over(self, ground: "Colour") -> "Colour":
        """What one sees when this lies on an opaque ground."""
        parts = zip(self[:3], ground[:3], strict=True)
        return Colour(*(part * self.alpha + below * (1 - self.alpha) for part, below in parts))

    @property
    def luminance(self) -> float:
        """WCAG 2.2, relative luminance."""
        linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in self[:3])
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2.2, contrast ratio: 1 to 21."""
    darker, lighter = sorted((one.luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)


def read_tokens() -> dict[str, str]:
    css = re.sub(r"/\*.*?\*/", "", TOKENS.read_text(encoding="utf-8"), flags=re.DOTALL)
    in_every_window = css.split("@media")[0]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", in_every_window))


TOKEN_VALUES = read_tokens()


def colour(name: str, theme: str) -> Colour:
    return _parse(f"var(--{name})", theme)


def _parse(value: str, theme: str) -> Colour:
    if token := re.fullmatch(r"var\(--([\w-]+)\)", value):
        return _parse(TOKEN_VALUES[token[1]], theme)
    if pair := re.fullmatch(r"light-dark\((.+)\)", value):
        light, dark = re.split(r",\s*(?![^(]*\))", pair[1])
        return _parse(light if theme == "light" else dark, theme)
    if mix := re.fullmatch(r"color-mix\(in srgb, (.+) (\d+)%, transparent\)", value):
        return _parse(mix[1], theme)._replace(alpha=int(mix[2]) / 100)
    if parts := re.fullmatch(r"rgb\((\d+) (\d+) (\d+) / (\d+)%\)", value):
        red, green, blue, alpha = map(int, parts.groups())
        return Colour(red / 255, green / 255, blue / 255, alpha / 100)
    if digits := re.fullmatch(r"#([0-9a-f]{6})", value):
        return Colour(*(part / 255 for part in bytes.fromhex(digits[1])))
    raise ValueError(f"no colour: {value}")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_is_readable_on_its_ground(text, ground, theme):
    assert contrast(colour(text, theme), colour(ground, theme)) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "tint", "ground"), TEXT_ON_TINT)
def test_text_is_readable_on_a_tint(text, tint, ground, theme):
    below = colour(tint, theme).over(colour(ground, theme))
    assert contrast(colour(text, theme), below) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("mark", "ground"), MARKS_ON_GROUND)
def test_marks_stand_out_from_their_ground(mark, ground, theme):
    assert contrast(colour(mark, theme), colour(ground, theme)) >= MARK


def test_black_on_white_has_the_greatest_contrast():
    assert contrast(Colour(0, 0, 0), Colour(1, 1, 1)) == pytest.approx(21)


@pytest.mark.parametrize("hue", HUES)
def test_a_tag_is_tinted_by_twelve_percent(hue):
    assert colour(f"tag-{hue}-tint", "light").alpha == pytest.approx(0.12)
