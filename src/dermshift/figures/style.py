"""One style for every figure: palette, type sizes, widths, and the settings that make files reproducible."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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

# Okabe and Ito, https://jfly.uni-koeln.de/color/: told apart with every common colour-vision deficiency.
ORANGE, SKY, GREEN, BLUE = "#E69F00", "#56B4E9", "#009E73", "#0072B2"
VERMILLION, PURPLE, BLACK, GREY = "#D55E00", "#CC79A7", "#000000", "#999999"
# Tol's muted scheme, https://sronpersonalpages.nl/~pault/, where black would be taken for the ink of a legend.
WINE = "#882255"

INK = "#222222"
QUIET = "#666666"
PALE = "#C8C8C8"

HIGHER, LOWER = VERMILLION, BLUE
"""Colours of a positive and of a negative change."""

# Disjoint, so that a colour never means a sex in one figure and a compartment in the next.
SEX_COLOURS = (PURPLE, GREEN, GREY, BLACK)
OTHER_COLOURS = (ORANGE, BLUE, SKY, VERMILLION, WINE, GREY)

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
    "text.parse_math": False,  # a '$' in a sample or gene name is a character, not a formula
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "dermshift",
    "pdf.fonttype": 42,
    "savefig.dpi": 300,
    "figure.dpi": 100,
}


@contextmanager
def paper() -> Iterator[None]:
    """Draw and save under this style alone, whatever the user's matplotlib settings are."""
    import matplotlib as mpl
    import matplotlib.style

    with mpl.rc_context():
        mpl.style.use("default")
        mpl.rcParams.update(SETTINGS)  # type: ignore[arg-type]  # the stubs want literal keys
        yield


def colours(levels: Sequence[str], *, sexes: bool = False) -> dict[str, str]:
    """Return one colour per level, by the order of the levels."""
    palette = SEX_COLOURS if sexes else OTHER_COLOURS
    return {level: palette[place % len(palette)] for place, level in enumerate(levels)}
