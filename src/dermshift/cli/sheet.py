"""``dermshift sheet``: a draft of the sample sheet, to be completed and confirmed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dermshift.io.geo_sheet import Draft

Matrix = Annotated[str, typer.Argument(metavar="SERIES_MATRIX", help="GEO series matrix, or geo:ACCESSION if fetched.")]
Target = Annotated[Path, typer.Option("--out", help="Sheet to write; a file that is there is never overwritten.")]


def sheet(series_matrix: Matrix, out: Target) -> None:
    """Draft a sample sheet from what a GEO series says of its samples; what it does not say stays open (?)."""
    from dermshift.io.atomic import replacing
    from dermshift.io.geo_cache import resolve
    from dermshift.io.geo_series import read_series
    from dermshift.io.geo_sheet import draft

    need_new(out)
    series = read_series(resolve(series_matrix))
    drafted = draft(series)
    with replacing(out) as temporary:
        drafted.frame.to_csv(temporary, sep="\t", index=False, lineterminator="\n", encoding="utf-8")
    print(f"{out}: {len(drafted.frame)} samples of {series.accession or series_matrix}")
    tell(drafted)


def need_new(out: Path) -> None:
    """Refuse a name that is taken: a sheet may hold work by hand.

    Raises
    ------
    SheetError
        There is a file of that name.
    """
    from dermshift.errors import Problem, SheetError

    if out.exists():
        problem = Problem(str(out), "a file of that name", "a new name", "Name another file, or move this one away.")
        raise SheetError(problem)


def tell(drafted: Draft) -> None:
    """Print what was filled from where, and what is left to do by hand."""
    from dermshift.io.geo_sheet import MEANINGS

    for role in MEANINGS:
        count = drafted.by_hand.get(role, 0)
        labels = set(drafted.frame[role]) - {"?"}
        tag = drafted.filled.get(role)
        source = f"from the tag '{tag}', {len(labels)} different labels" if tag else "no such tag"
        print(f"  {role}: {source}{f'; {count} to be filled in by hand (?)' if count else ''}")
    print("  confirmed: no; compare every row with the source, drop samples that take no part, then write yes")
