"""Sheet and matrix that do not name the same samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bad_input_cases.case import Case, collected

if TYPE_CHECKING:
    from collections.abc import Callable

    from bad_input_cases.good import Study

SAMPLES: list[Case] = []


def in_matrix(study: Study, change: Callable[[str], str]) -> None:
    study.matrix[0][2:] = [change(name) for name in study.matrix[0][2:]]


@collected(SAMPLES, "other_names", "no sample of the sheet is in the matrix")
def _(study: Study) -> None:
    in_matrix(study, lambda name: f"lane{study.matrix[0].index(name)}")


@collected(SAMPLES, "names_differ_by_case", "names that differ by upper and lower case")
def _(study: Study) -> None:
    in_matrix(study, str.lower)


@collected(SAMPLES, "names_differ_by_dots", "names with '.' for '-', as R writes them")
def _(study: Study) -> None:
    for name in study.matrix[0][2:]:
        study.rename_sample(name, name.replace("_", "-"))
    in_matrix(study, lambda name: name.replace("-", "."))


@collected(SAMPLES, "names_with_x", "names with a leading 'X', as R puts it before digits")
def _(study: Study) -> None:
    for name in study.matrix[0][2:]:
        study.rename_sample(name, name.replace("P", ""))
    in_matrix(study, lambda name: f"X{name}")


@collected(SAMPLES, "one_name_differs", "one name that differs by a dot")
def _(study: Study) -> None:
    in_matrix(study, lambda name: "P2.after" if name == "P2_after" else name)


@collected(SAMPLES, "files_for_names", "names of BAM files in the matrix, names of samples in the sheet")
def _(study: Study) -> None:
    in_matrix(study, lambda name: f"bam/{name}.sorted.bam")


@collected(SAMPLES, "missing_samples", "samples of the sheet that the matrix lacks")
def _(study: Study) -> None:
    for row in study.matrix:
        del row[2:4]


@collected(SAMPLES, "extra_samples", "samples of the matrix that the sheet lacks")
def _(study: Study) -> None:
    del study.sheet[1:3]


@collected(SAMPLES, "annotation_columns", "columns that are no samples (a chromosome, a length)")
def _(study: Study) -> None:
    for place, row in enumerate(study.matrix):
        row.insert(2, "length" if place == 0 else "1200")


@collected(SAMPLES, "duplicate_samples", "a sample on two lines of the sheet")
def _(study: Study) -> None:
    study.sheet.append(list(study.sheet[4]))


@collected(SAMPLES, "samples_by_case_alone", "two samples whose names differ by upper and lower case alone")
def _(study: Study) -> None:
    study.rename_sample("P2_before", "P1_Before")
