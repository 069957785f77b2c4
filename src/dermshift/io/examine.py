"""From a study's files to a checked study, with every finding on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from dermshift.checks import Finding, MatrixView, check_matrix, check_sheet, error_of
from dermshift.errors import FormatError
from dermshift.io.atomic import sha256
from dermshift.io.cache import portable
from dermshift.io.excel_book import split
from dermshift.io.gene_files import read_genes, read_sex_genes
from dermshift.io.gene_rows import gene_rows, scale_of
from dermshift.io.matrix import Hints
from dermshift.io.probe_sets import choose, label, without_controls, without_gaps
from dermshift.io.probes import read_annotation
from dermshift.io.readers import need_input, read_matrix
from dermshift.io.sheet import read_sheet
from dermshift.names import FILE
from dermshift.study import Source, Study

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dermshift.checks import SheetView
    from dermshift.genes import GeneRegistry
    from dermshift.io.gene_rows import GeneRows
    from dermshift.io.matrix import Matrix
    from dermshift.study import Scale, StudySpec

T = TypeVar("T")


@dataclass(frozen=True)
class Examined:
    """What was found in a study's files.

    Parameters
    ----------
    sheet
        Canonical columns, index sample, of the study where there is one; None where the sheet is not readable.
    make
        Makes the study; None where any finding is an error.
    scale, genes
        What the matrix was taken for and its gene annotation, also where a study could not be made; None where unknown.
    probes
        Every probe set and its role (`probe_sets.PROBE_COLUMNS`); None without an annotation of probe sets.
    identifiers
        How every identifier is read (`identifiers.IDENTIFIER_COLUMNS`); None without a table of known genes.
    """

    findings: tuple[Finding, ...]
    sheet: pd.DataFrame | None
    make: Callable[[], Study] | None
    scale: Scale | None = None
    genes: pd.DataFrame | None = None
    probes: pd.DataFrame | None = None
    identifiers: pd.DataFrame | None = None

    @cached_property
    def study(self) -> Study | None:
        """The study; made when it is asked for, as a check of the files can do without."""
        return self.make() if self.make else None


def load_study(spec: StudySpec, asked: frozenset[str]) -> tuple[Study, tuple[Finding, ...]]:
    """Return the checked study and what the checks found.

    Raises
    ------
    DermshiftError
        With every problem of every failed check; its class is that of the first failed check.
    """
    examined = examine(spec, asked)
    return blessed(examined), examined.findings


def blessed(examined: Examined) -> Study:
    """Return the study of `examined`, or raise as `load_study` does."""
    if examined.study is None:
        raise error_of(examined.findings) or FormatError()
    return examined.study


def examine(spec: StudySpec, asked: frozenset[str]) -> Examined:
    """Read and check a study; wrong input never raises but becomes a finding with its problems.

    Parameters
    ----------
    asked
        Columns the questions break down by, e.g. ``{"sex"}``.
    """
    findings: list[Finding] = []
    registry = _attempt("known_genes", lambda: read_genes(spec.genes), findings)
    sex_genes = _attempt("sex_genes", lambda: read_sex_genes(spec.sex_genes), findings) if spec.sex_genes else None
    read = _attempt("sheet_file", lambda: read_sheet(spec, asked), findings)
    if read is None:
        findings += _unread(spec)
        return Examined(tuple(findings), None, None)
    view, notes = read
    findings += [*notes, *check_sheet(view)]
    samples = [*(str(name) for name in view.frame.index), *view.left_out]
    matrix = _attempt("matrix_file", lambda: read_matrix(spec.matrix, samples, hints_of(spec, view.frame)), findings)
    if matrix is None or registry is None:
        return Examined(tuple(findings), view.frame, None)
    return _judged(spec, view, asked, (matrix, registry, sex_genes), findings)


def _unread(spec: StudySpec) -> list[Finding]:
    """Say of the files that wait for the sheet whether they are there at all."""
    findings: list[Finding] = []
    # Without sample names the axes of a matrix cannot be told apart.
    for name, path in (("matrix_file", spec.matrix), ("probe_annotation", spec.probes)):
        if path and _attempt(name, partial(need_input, path), findings):
            findings.append(Finding(name, "note", "not read: it needs the sample sheet"))
    return findings


def _judged(
    spec: StudySpec,
    view: SheetView,
    asked: frozenset[str],
    read: tuple[Matrix, GeneRegistry, pd.DataFrame | None],
    findings: list[Finding],
) -> Examined:
    """Check what was read of the matrix and build the study."""
    matrix, registry, sex_genes = read
    findings += matrix.findings
    files = matrix.files or (spec.matrix,)
    annotation = _attempt("probe_annotation", lambda: read_annotation(spec.probes), findings) if spec.probes else None
    matrix, gaps = without_gaps(matrix, set(view.frame.index))
    kept, controls = without_controls(matrix)
    notes = (*gaps, *controls)
    if annotation is not None:
        kept, belongs = label(kept, annotation)
        notes = (*notes, belongs)
    rows = gene_rows(kept, spec, registry)
    checked = _matrix_view(spec, view.frame, asked, rows, (registry, sex_genes))
    genes = checked.genes
    findings += [*notes, *rows.findings, *check_matrix(checked)]
    if any(finding.verdict == "error" for finding in findings):
        # Where the symbols could not be read, no gene can be called absent.
        symbols_known = not any(finding.check == "probe_annotation" and finding.problems for finding in findings)
        return Examined(tuple(findings), view.frame, None, checked.scale, genes if symbols_known else None)
    probes = None
    if annotation is not None:
        choice = choose(genes, _levels(checked, matrix), annotation, spec.probe_rule)
        findings.append(choice.finding)
        checked, probes = replace(checked, genes=choice.genes), choice.table
    sheet = checked.sheet.loc[checked.values.index].astype(object).rename_axis("sample")
    make = partial(_study, checked, sheet, files, tuple(findings))
    return Examined(tuple(findings), sheet, make, checked.scale, checked.genes, probes, rows.identifiers)


def _levels(view: MatrixView, matrix: Matrix) -> pd.Series[float]:
    """Return the mean of every row of the file over the samples of the study, on the scale of the study."""
    part = [name in view.values.index for name in matrix.samples]
    with np.errstate(all="ignore"):  # controls that are dropped may hold anything
        means = view.decision.on_scale(matrix.values[part]).mean(axis=0)
    return pd.Series(means, index=pd.Index(matrix.genes, dtype=object))


def _attempt(name: str, read: Callable[[], T], findings: list[Finding]) -> T | None:
    try:
        return read()
    except FormatError as error:
        findings.append(Finding(name, "error", error.problems[0].found, error.problems))
        return None


def hints_of(spec: StudySpec, sheet: pd.DataFrame) -> Hints:
    """Return what the user says of the files of the matrix, in the config and in the sheet."""
    files = {str(sample): str(name) for sample, name in sheet[FILE].items()} if FILE in sheet else {}
    return Hints(transcripts=spec.transcripts, strand=spec.strand, files=files)


def _matrix_view(
    spec: StudySpec,
    sheet: pd.DataFrame,
    asked: frozenset[str],
    rows: GeneRows,
    known: tuple[GeneRegistry, pd.DataFrame | None],
) -> MatrixView:
    once = sheet[~sheet.index.duplicated()]
    matrix = rows.matrix
    values = pd.DataFrame(matrix.values, index=pd.Index(matrix.samples, dtype=object), columns=rows.genes.index)
    values = values.loc[[name for name in once.index if name in values.index]]
    return MatrixView(
        spec=spec,
        sheet=once,
        asked=asked,
        values=values,
        genes=rows.genes,
        unlisted=matrix.unlisted,
        doubled=matrix.doubled,
        decision=scale_of(spec, matrix),
        sex_genes=known[1],
        registry=known[0],
        counts_in=matrix.counts_in,
    )


def _study(view: MatrixView, sheet: pd.DataFrame, files: Sequence[str], findings: Sequence[Finding]) -> Study:
    import anndata  # takes a third of a second

    spec = view.spec
    named = [("matrix", path) for path in files] + [("samples", split(spec.samples)[0]), ("known genes", spec.genes)]
    named += [("sex genes", spec.sex_genes), ("probe annotation", spec.probes), ("transcripts", spec.transcripts)]
    named += [("regimens", spec.regimens)]
    if view.scale is None:
        raise error_of(tuple(findings)) or FormatError()
    return Study(
        name=spec.name,
        adata=anndata.AnnData(view.decision.on_scale(view.values.to_numpy()), obs=sheet, var=view.genes),
        scale=view.scale,
        timepoints=spec.timepoints,
        sources=tuple(Source(portable(path), sha256(path), role) for role, path in named if path),
        synthetic=spec.synthetic,
        missing_pairs=spec.missing_pairs,
        comparison=spec.comparison,
        notes=tuple(finding.evidence for finding in findings if finding.verdict in ("note", "warning")),
    )
