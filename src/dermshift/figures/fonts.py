"""Fonts inside a PDF: the outlines of the letters used, and nothing that sets letters."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LAYOUT_TABLES = ("GDEF", "GPOS", "GSUB", "MATH", "kern")
"""Tables of a font that tell how to set letters side by side. In a PDF all letters are set already."""


@contextmanager
def outlines_only() -> Iterator[None]:
    """Leave the layout tables out of embedded fonts: reading and thinning them is half the time a PDF takes.

    matplotlib gives no handle on how it calls fontTools, so the default of fontTools is changed while a file is saved.
    """
    from fontTools.subset import Options

    usual = Options._drop_tables_default
    Options._drop_tables_default = [*usual, *LAYOUT_TABLES]
    try:
        yield
    finally:
        Options._drop_tables_default = usual
