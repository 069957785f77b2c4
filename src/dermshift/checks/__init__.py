"""One check per function, collected in two explicit lists; every check runs, every problem is reported."""

from dermshift.checks.columns import check_columns
from dermshift.checks.confirmed import check_confirmed
from dermshift.checks.dosing import check_dosing
from dermshift.checks.finding import Finding
from dermshift.checks.gene_names import check_gene_names
from dermshift.checks.library_sizes import check_library_sizes
from dermshift.checks.matrix import (
    check_finite,
    check_names_once,
    check_no_empty_samples,
    check_no_identical_samples,
    check_samples_agree,
)
from dermshift.checks.pairs import (
    check_constant_in_patient,
    check_enough_pairs,
    check_no_doubled_samples,
    check_pairs_complete,
)
from dermshift.checks.scale import check_scale
from dermshift.checks.sex import check_acknowledged, check_sex_concordance
from dermshift.checks.sheet import (
    check_cells_filled,
    check_labels_one_spelling,
    check_no_outer_blanks,
    check_patients_are_categories,
    check_safe_identifiers,
    check_samples_once,
    check_timepoints,
)
from dermshift.checks.species import check_species
from dermshift.checks.views import MatrixCheck, MatrixView, SheetCheck, SheetView
from dermshift.errors import DermshiftError, FormatError, PairingError, ScaleError, SheetError

PAIR = ("patient", "timepoint")

SHEET_CHECKS: tuple[SheetCheck, ...] = (
    SheetCheck("drafted_sheet", (), SheetError, check_confirmed),
    SheetCheck("cells_filled", (), SheetError, check_cells_filled),
    SheetCheck("no_outer_blanks", (), SheetError, check_no_outer_blanks),
    SheetCheck("samples_once", (), SheetError, check_samples_once),
    SheetCheck("safe_identifiers", (), SheetError, check_safe_identifiers),
    SheetCheck("labels_one_spelling", (), SheetError, check_labels_one_spelling),
    SheetCheck("timepoints", ("timepoint",), SheetError, check_timepoints),
    SheetCheck("patients_are_categories", ("patient",), SheetError, check_patients_are_categories),
    SheetCheck("no_doubled_samples", PAIR, PairingError, check_no_doubled_samples),
    SheetCheck("pairs_complete", PAIR, PairingError, check_pairs_complete),
    SheetCheck("enough_pairs", PAIR, PairingError, check_enough_pairs),
    SheetCheck("dosing", PAIR, SheetError, check_dosing),
    SheetCheck("constant_in_patient", ("patient",), SheetError, check_constant_in_patient),
)

MATRIX_CHECKS: tuple[MatrixCheck, ...] = (
    MatrixCheck("samples_agree", SheetError, check_samples_agree),
    MatrixCheck("names_once", FormatError, check_names_once),
    MatrixCheck("gene_names", FormatError, check_gene_names),
    MatrixCheck("species", FormatError, check_species),
    MatrixCheck("finite", ScaleError, check_finite),
    MatrixCheck("scale", ScaleError, check_scale),
    MatrixCheck("no_empty_samples", ScaleError, check_no_empty_samples),
    MatrixCheck("library_sizes", ScaleError, check_library_sizes),
    MatrixCheck("no_identical_samples", FormatError, check_no_identical_samples),
    MatrixCheck("sex_concordance", SheetError, check_sex_concordance),
    MatrixCheck("acknowledged", SheetError, check_acknowledged),
)


def check_sheet(view: SheetView) -> tuple[Finding, ...]:
    """Run every check of the sheet whose columns are there."""
    return tuple(c.function(view) for c in SHEET_CHECKS if all(name in view.frame for name in c.needs))


def check_matrix(view: MatrixView) -> tuple[Finding, ...]:
    """Run every check of the matrix."""
    return tuple(check.function(view) for check in MATRIX_CHECKS)


def error_of(findings: tuple[Finding, ...]) -> DermshiftError | None:
    """Return one error with the problems of every failed check, of the class of the first, or None."""
    failed = [finding for finding in findings if finding.verdict == "error"]
    if not failed:
        return None
    kinds: dict[str, type[DermshiftError]] = {"sheet_columns": SheetError}
    kinds |= {check.name: check.error for check in SHEET_CHECKS} | {check.name: check.error for check in MATRIX_CHECKS}
    problems = [problem for finding in failed for problem in finding.problems]
    return kinds.get(failed[0].check, FormatError).of(problems)


__all__ = [
    "MATRIX_CHECKS",
    "SHEET_CHECKS",
    "Finding",
    "MatrixCheck",
    "MatrixView",
    "SheetCheck",
    "SheetView",
    "check_columns",
    "check_matrix",
    "check_sheet",
    "error_of",
]
