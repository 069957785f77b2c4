"""``dermshift verify``: whether a bundle is whole and unchanged, and its numbers follow from its tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Bundle = Annotated[Path, typer.Argument(metavar="BUNDLE", help="A bundle.zip, or the folder it was unpacked to.")]


def verify(path: Bundle) -> None:
    """Hash every file of a bundle and compute its headline numbers again; exit 2 with the reasons if anything is off.

    The same as the file verify.py in every bundle, which needs Python alone.
    """
    from dermshift.errors import FormatError, Problem
    from dermshift.report.verify import Refused
    from dermshift.report.verify import verify as checked

    try:
        lines = checked(path)
    except Refused as refused:
        raise FormatError(*(Problem(*reason) for reason in refused.reasons)) from refused
    print("\n".join(lines))
