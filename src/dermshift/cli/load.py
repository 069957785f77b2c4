"""``dermshift load``: read, check, plan, and write the blessed study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dermshift.cli.options import Asks, Folder, Genes, SexGenes, pair, parse_ask
from dermshift.study import StudySpec, Timepoints

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    import pandas as pd

    from dermshift.design import Ask
    from dermshift.names import Column

WHOLE = ("configured_genes", "set_symbols", "set_overlaps")
KINDS = (".sets", ".running", ".configured_sets")
OVERALL = ("differences", "pair_identity", "scores")
Text = Annotated[str, typer.Option()]
Labels = Annotated[list[str], typer.Option("--column", help="ROLE=COLUMN of the sheet, e.g. patient=donor.")]
Seen = Annotated[list[str], typer.Option("--acknowledge", help="Sample whose sex mismatch is known and accepted.")]


def load(
    out: Folder,
    name: Text,
    matrix: Text,
    samples: Text,
    before: Text,
    after: Text,
    ask: Asks,
    column: Labels,
    scale: Annotated[Literal["auto", "counts", "estimated_counts", "log2", "linear"], typer.Option()] = "auto",
    log2_offset: Annotated[float, typer.Option(help="Added to linear intensities before log2.")] = 0.0,
    missing_pairs: Annotated[Literal["error", "drop"], typer.Option()] = "error",
    genes: Genes = "",
    sex_genes: SexGenes = "",
    acknowledge: Seen = [],  # noqa: B006 -- read by typer once, never changed
    other_timepoint: Annotated[list[str], typer.Option(help="Timepoint whose samples take no part.")] = [],  # noqa: B006
    probes: Annotated[str, typer.Option(help="Annotation of the array's probe sets; empty for none.")] = "",
    probe_rule: Annotated[Literal["highest_mean", "every"], typer.Option()] = "highest_mean",
    further: Annotated[list[str], typer.Option(help="A visit besides the one of --after.")] = [],  # noqa: B006
    transcripts: Annotated[str, typer.Option(help="Map of transcripts to genes; empty for none.")] = "",
    strand: Annotated[Literal["auto", "unstranded", "forward", "reverse"], typer.Option()] = "auto",
    duplicates: Annotated[Literal["error", "sum", "keep"], typer.Option()] = "error",
    regimens: Annotated[str, typer.Option(help="Published regimens, TSV; empty for none.")] = "",
    comparison: Annotated[Literal["on_drug", "conditions"], typer.Option()] = "on_drug",
    synthetic: Annotated[bool, typer.Option()] = False,
) -> None:
    """Read matrix and sheet, check them, plan the questions; write checks, designs, identifiers and the study."""
    from dermshift import io
    from dermshift.design import design_card, plan
    from dermshift.io.cache import resolve
    from dermshift.io.identifiers import IDENTIFIER_COLUMNS
    from dermshift.io.probe_sets import PROBE_COLUMNS

    columns = dict(pair(text, "--column") for text in column)
    spec = StudySpec(
        name=name, matrix=resolve(matrix), samples=samples, columns=columns,
        timepoints=Timepoints(before, after, tuple(further)),
        scale=scale, log2_offset=log2_offset, missing_pairs=missing_pairs, genes=genes, sex_genes=sex_genes,
        acknowledged=tuple(acknowledge), synthetic=synthetic, comparison=comparison,
        other_timepoints=tuple(other_timepoint), probes=resolve(probes), probe_rule=probe_rule,
        transcripts=transcripts, strand=strand, duplicates=duplicates, regimens=regimens,
    )  # fmt: skip
    asks = [parse_ask(text) for text in ask]
    examined = io.examine(spec, breakdowns(asks))
    study = io.blessed(examined)
    cards = [design_card(design) for design in plan(study.sheet, study.timepoints, asks)]
    drop_stale(out, cards)
    io.write_json([finding.as_dict() for finding in examined.findings], out / "checks.json")
    io.write_json(cards, out / "designs.json")
    write_or_remove(examined.probes, out / "probes.tsv", PROBE_COLUMNS)
    write_or_remove(examined.identifiers, out / "identifiers.tsv", IDENTIFIER_COLUMNS)
    io.write_study(study, out / "study.h5ad")


def write_or_remove(table: pd.DataFrame | None, path: Path, columns: tuple[Column, ...]) -> None:
    """Write a table of the matrix; where there is none now, remove that of an earlier run."""
    from dermshift import io

    if table is None:
        path.unlink(missing_ok=True)
    else:
        io.write_table(table, path, columns)


def drop_stale(out: Path, cards: list[dict[str, Any]]) -> None:
    """Remove tables and fits of questions that an earlier run asked and this one does not."""
    questions, fits = {card["id"] for card in cards}, {card["fit_id"] for card in cards}
    for path in out.glob("tables/*.tsv"):
        name = path.name.removesuffix(".tsv")
        kind = next((kind for kind in KINDS if name.endswith(kind)), "")
        if name.removesuffix(kind) not in {*questions, *WHOLE}:
            path.unlink()
    for path in out.glob("evidence/*.*"):
        question = path.name.split(".")[0]
        if question not in {*questions, *OVERALL}:
            path.unlink()
    for path in out.glob("fits/*.json"):
        if path.stem not in fits:
            path.unlink()


def breakdowns(asks: Sequence[Ask]) -> frozenset[str]:
    """Return the columns the questions break the response down by."""
    return frozenset(ask.by for ask in asks if ask.by)
