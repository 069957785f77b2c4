"""Values that are no raw counts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bad_input_cases.case import Case, collected

if TYPE_CHECKING:
    from bad_input_cases.good import Study

VALUES: list[Case] = []


def log2(cell: str) -> str:
    return f"{math.log2(int(cell) + 1):.6f}"


def per_million(study: Study, digits: int) -> None:
    for place, name in enumerate(study.matrix[0]):
        if place > 1:
            total = sum(int(row[place]) for row in study.matrix[1:])
            study.sample_values(name, lambda cell, total=total: f"{int(cell) / total * 1e6:.{digits}f}")


@collected(VALUES, "log_as_counts", "log2 values where counts were said")
def _(study: Study) -> None:
    study.every_value(log2)


@collected(VALUES, "rounded_log2", "log2 values that were rounded to whole numbers")
def _(study: Study) -> None:
    study.every_value(lambda cell: str(round(float(log2(cell)))))


@collected(VALUES, "tpm_as_counts", "TPM or CPM where counts were said")
def _(study: Study) -> None:
    per_million(study, 3)


@collected(VALUES, "rounded_tpm_auto", "rounded TPM or CPM, scale: auto")
def _(study: Study) -> None:
    study.config["study"]["scale"] = "auto"
    per_million(study, 0)


@collected(VALUES, "estimated_counts", "fractional counts of a quantifier (salmon, RSEM), said to be counts")
def _(study: Study) -> None:
    for row in study.matrix[1::4]:
        row[2] = f"{row[2]}.37"


@collected(VALUES, "mixed_scale", "half of the samples are log2 values, half counts")
def _(study: Study) -> None:
    for name in study.matrix[0][2:8]:
        study.sample_values(name, log2)


@collected(VALUES, "mixed_normalised", "half of the samples are normalised values, half counts")
def _(study: Study) -> None:
    for name in study.matrix[0][2:8]:
        study.sample_values(name, lambda cell: f"{int(cell) * 1.0437:.3f}")


@collected(VALUES, "negative", "a negative count")
def _(study: Study) -> None:
    study.value(12, "P3_after", "-4")


@collected(VALUES, "missing_values", "NaN, NA and empty fields")
def _(study: Study) -> None:
    for gene, text in ((10, "NaN"), (11, "NA"), (12, "")):
        study.value(gene, "P3_after", text)


@collected(VALUES, "infinite", "an infinite value")
def _(study: Study) -> None:
    study.value(10, "P3_after", "inf")


@collected(VALUES, "overflow", "a number too large for any computer: 1e400")
def _(study: Study) -> None:
    study.value(10, "P3_after", "1e400")


@collected(VALUES, "too_large", "a count of 1e20")
def _(study: Study) -> None:
    study.value(10, "P3_after", "1e20")


@collected(VALUES, "thousands", "thousands separators")
def _(study: Study) -> None:
    study.value(10, "P3_after", "1,234")
    study.value(11, "P3_after", "1.234.567")


@collected(VALUES, "text_in_values", "words among the numbers")
def _(study: Study) -> None:
    study.value(10, "P3_after", "n.d.")
    study.value(11, "P3_after", "<5")


@collected(VALUES, "zero_sample", "a sample that is zero throughout")
def _(study: Study) -> None:
    study.sample_values("P2_after", lambda cell: "0")


@collected(VALUES, "zero_everywhere", "a matrix of zeros")
def _(study: Study) -> None:
    study.every_value(lambda cell: "0")


@collected(VALUES, "huge_sample", "one sample far out of proportion (other units, or pooled samples)")
def _(study: Study) -> None:
    study.sample_values("P2_after", lambda cell: str(int(cell) * 5000))


@collected(VALUES, "same_sample_twice", "two samples with the same values (a file copied twice)")
def _(study: Study) -> None:
    for row in study.matrix[1:]:
        row[study.matrix[0].index("P2_after")] = row[study.matrix[0].index("P2_before")]
