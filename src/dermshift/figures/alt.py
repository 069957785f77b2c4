"""Alternative text: what someone who cannot see the picture is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dermshift.figures.base import Family, Figure

LONGEST = 300
"""Characters; a screen reader reads the text out in one go."""
AXES = 120
"""Characters the axes may take of it."""


def alt_text(figure: Figure, family: Family, *, synthetic: bool) -> str:
    """Return the kind of figure, its axes and what it shows, in no more than `LONGEST` characters."""
    kind = f"{family.kind or family.summary}{', synthetic data' if synthetic else ''}"
    said = " ".join(figure.claim["shows"].split())
    return cut(f"{_capital(kind)}. {_axes(figure)}{said}", LONGEST)


def _axes(figure: Figure) -> str:
    """Return the labels of the axes, each once, as long as there is room."""
    found: dict[str, None] = {}
    for ax in figure.figure.axes:
        for name in ("x", "y"):
            # What follows a colon is a number of one panel.
            label = " ".join(getattr(ax, f"get_{name}label")().partition(":")[0].split())
            if label and ax.axison:
                found.setdefault(f"{name}: {label}")
    text = ""
    for label in found:
        longer = f"{text}; {label}" if text else label
        text = longer if len(longer) <= AXES else text
    return f"Axes {text}. " if text else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def cut(text: str, longest: int) -> str:
    """Return `text`, cut after a word where it is longer than `longest` characters."""
    if len(text) <= longest:
        return text
    return f"{text[: longest - 1].rsplit(' ', 1)[0].rstrip(',;:')}…"
