"""One style for every figure: palette, type sizes, widths, and the settings that make files reproducible."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MM = 1 / 25.4
"""Inches in a millimetre."""
POINT = 25.4 / 72
"""Millimetres in a typographic point."""

SINGLE = 89.0
"""Width of one journal column, mm."""
DOUBLE = 183.0
"""Width of two journal columns, mm."""

SIZE_TITLE = 8.0
SIZE_TEXT = 7.0
SIZE_SMALL = 6.5
SIZE_NOTE = 6.0
"""Type sizes in points; nothing is smaller than ``SIZE_NOTE``."""

INK = "#222222"
QUIET = "#666666"
PALE = "#C8C8C8"

DIVERGING = "RdBu_r"
"""Colour map of a signed value: blue lower, red higher, told apart by every reader."""

SETTINGS: dict[str, Any] = {
    "font.family": "sans-serif",
    # matplotlib ships the first, so that every machine lays the page out alike; an SVG viewer may fall back.
    "font.sans-serif": ["DejaVu Sans", "Arial", "Helvetica"],
    "font.size": SIZE_TEXT,
    "axes.titlesize": SIZE_TEXT,
    "axes.labelsize": SIZE_TEXT,
    "xtick.labelsize": SIZE_SMALL,
    "ytick.labelsize": SIZE_SMALL,
    "legend.fontsize": SIZE_SMALL,
    "legend.title_fontsize": SIZE_SMALL,
    "legend.frameon": False,
    "legend.handletextpad": 0.4,
    "legend.columnspacing": 1.2,
    "legend.borderaxespad": 0.3,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "axes.formatter.useoffset": False,
    "axes.formatter.limits": (-5, 7),
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "text.hinting": "none",  # at 300 dots per inch letters stand where a printer puts them, and cost half
    "text.parse_math": False,  # a '$' in a sample or gene name is a character, not a formula
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "dermshift",
    "pdf.fonttype": 42,
    "savefig.dpi": 300,
}


@contextmanager
def paper() -> Iterator[None]:
    """Draw and save under this style alone, whatever the user's matplotlib settings are."""
    import matplotlib as mpl

    with mpl.rc_context():
        # Checked once: matplotlib checks 300 settings each time, and a figure asks for its style many times.
        dict.update(mpl.rcParams, _settings())  # type: ignore[misc]  # the stubs know no plain dict behind it
        yield


@lru_cache(maxsize=1)
def _settings() -> dict[str, Any]:
    """Return every setting of a style as matplotlib holds it: its own defaults, and ours."""
    import matplotlib as mpl
    import matplotlib.style

    with mpl.rc_context():
        mpl.style.use("default")
        mpl.rcParams.update(SETTINGS)  # type: ignore[arg-type]  # the stubs want literal keys
        # The backend is no matter of style, and stays as it is when a context ends.
        return {name: value for name, value in dict.items(mpl.rcParams) if not name.startswith("backend")}
