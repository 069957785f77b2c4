"""The colours of levels and signs, the same in every figure and in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Okabe and Ito, https://jfly.uni-koeln.de/color/: told apart with every common colour-vision deficiency.
ORANGE, SKY, GREEN, BLUE = "#E69F00", "#56B4E9", "#009E73", "#0072B2"
VERMILLION, PURPLE, BLACK, GREY = "#D55E00", "#CC79A7", "#000000", "#999999"
# Tol's muted scheme, https://sronpersonalpages.nl/~pault/, for levels: black would be taken for the ink of a legend.
WINE, INDIGO, OLIVE = "#882255", "#332288", "#999933"

HIGHER, LOWER = VERMILLION, BLUE
"""Colours of a positive and of a negative change."""

# Disjoint from each other and from the signs: no colour means a sex here, a compartment there, and a rise elsewhere.
SEX_COLOURS = (PURPLE, GREEN, GREY, BLACK)
OTHER_COLOURS = (ORANGE, SKY, INDIGO, WINE, OLIVE, GREY)


def colours(levels: Sequence[str], *, sexes: bool = False) -> dict[str, str]:
    """Return one colour per level, by the order of the levels."""
    palette = SEX_COLOURS if sexes else OTHER_COLOURS
    return {level: palette[place % len(palette)] for place, level in enumerate(levels)}
