"""``dermshift pseudobulk`` and ``pseudobulk-add``: single cells summed per patient, timepoint and cell type."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dermshift.pseudobulk.part import Part

Atlas = Annotated[str, typer.Argument(metavar="ATLAS", help=".h5ad, 10x .h5, Zarr folder or 10x folder (mtx).")]
Target = Annotated[
    Path, typer.Option("--out", help="Folder that receives counts, sheet, record and draft of a config.")
]
Patient = Annotated[str, typer.Option("--patient", metavar="COL", help="Column of the cells that names the patient.")]
Timepoint = Annotated[str, typer.Option("--timepoint", metavar="COL", help="Column that names the visit.")]
CellType = Annotated[str, typer.Option("--cell-type", metavar="COL", help="Column of the cell type.")]
Sex = Annotated[str, typer.Option("--sex", metavar="COL", help="Column of the sex, one value per patient.")]
Further = Annotated[
    list[str], typer.Option("--column", metavar="COL", help="Column to carry along; repeat for several.")
]
MinCells = Annotated[
    int, typer.Option("--min-cells", min=1, help="A pseudobulk of fewer cells is dropped, and listed.")
]
Counts = Annotated[str, typer.Option("--counts", help="auto, X, raw or layer:NAME.")]
Cells = Annotated[str, typer.Option("--cells", metavar="TSV", help="Table of cells: barcodes, then columns.")]
PartOf = Annotated[str, typer.Option("--part", metavar="K/N", help="Sum one of N stretches of the cells only.")]
Folders = Annotated[list[Path], typer.Argument(metavar="FOLDER...", help="Folders of every part.")]
CONFIG = "config.yaml"


def pseudobulk(
    atlas: Atlas,
    patient: Patient,
    timepoint: Timepoint,
    cell_type: CellType,
    out: Target,
    sex: Sex = "",
    column: Further = [],  # noqa: B006 -- read by typer once, never changed
    min_cells: MinCells = 10,
    counts: Counts = "auto",
    cells: Cells = "",
    part: PartOf = "1/1",
) -> None:
    """Sum raw counts per patient, timepoint and cell type, in memory that does not grow with the number of cells."""
    from dermshift.pseudobulk.asked import Asked, parse_part
    from dermshift.pseudobulk.make import make_part
    from dermshift.pseudobulk.part import write_part

    place, parts = parse_part(part)
    asked = Asked(patient, timepoint, cell_type, sex, tuple(column), min_cells, counts, cells, place, parts)
    made = make_part(atlas, asked)
    if part == "1/1":
        finish(made, out)
        return
    out.mkdir(parents=True, exist_ok=True)
    write_part(made, out)
    print(f"{out}: part {place} of {parts}")


def pseudobulk_add(folder: Folders, out: Target) -> None:
    """Add the parts of an atlas that were summed apart; the result is the same to the byte as in one go."""
    from dermshift.pseudobulk.part import add_parts

    finish(add_parts(folder), out)


def finish(made: Part, out: Path) -> None:
    """Write everything and say what was found; a configuration that is there is kept, for it may have been edited."""
    from dermshift.io.atomic import write_bytes
    from dermshift.pseudobulk.draft import draft
    from dermshift.pseudobulk.write import write_folder

    chosen, every = made.record["counts"]["chosen"], made.record["counts"]["evidence"]
    for one in every:
        print(f"counts: {one['name']}: {one['verdict']}{', taken' if one['name'] == chosen else ''}")
    for path in write_folder(made, out):
        print(path)
    cells, rows = made.record["cells"], made.record["samples"]
    print(f"{len(rows)} pseudobulks of {cells['in_pseudobulks']} of {cells['in_atlas']} cells")
    text, config = draft(rows, out), out / CONFIG
    if config.exists():
        print(f"{config}: kept as it is")
    elif text is None:
        print("no config.yaml: there is one timepoint only")
    else:
        write_bytes(text.encode(), config)
        print(f"{config}\nnext: look at its timepoints, then: dermshift check {config}")
