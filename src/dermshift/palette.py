"""The colours of levels and signs, the same in every figure and in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Okabe and Ito, https://jfly.uni-koeln.de/color/: told apart with every common colour-vision deficiency.
ORANGE, SKY, GREEN, BLUE = "#E69F00", "#56B4E9", "#009E73", "#0072B2"
VERMILLION, PURPLE, BLACK, GREY = "#D55E00", "#CC79A7", "#000000", "#999999"
# Tol's muted scheme, https://sronpersonalpages.nl/~pault/, where black would be taken for the ink of a legend.
WINE = "#882255"

HIGHER, LOWER = VERMILLION, BLUE
"""Colours of a positive and of a negative change."""

# Disjoint, so that a colour never means a sex in one figure and a compartment in the next.
SEX_COLOURS = (PURPLE, GREEN, GREY, BLACK)
OTHER_COLOURS = (ORANGE, BLUE, SKY, VERMILLION, WINE, GREY)


def colours(levels: Sequence[str], *, sexes: bool = False) -> dict[str, str]:
    """Return one colour per level, by the order of the levels."""
    palette = SEX_COLOURS if sexes else OTHER_COLOURS
    return {level: palette[place % len(palette)] for place, level in enumerate(levels)}
