"""Questions that these samples cannot answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bad_input_cases.case import CHECK, Case, collected

if TYPE_CHECKING:
    from bad_input_cases.good import Study

DESIGNS: list[Case] = []


def sexless(study: Study) -> None:
    del study.config["study"]["columns"]["sex"]


@collected(DESIGNS, "one_sex", "patients of one sex, and a question by sex")
def _(study: Study) -> None:
    del study.sheet[7:]
    for row in study.matrix:
        del row[8:]


@collected(DESIGNS, "no_sex_column", "a question by sex, and no such column")
def _(study: Study) -> None:
    sexless(study)
    study.sheet = [row[:3] for row in study.sheet]


@collected(DESIGNS, "confounded_compartment", "every patient gave one compartment only, other patients the other")
def _(study: Study) -> None:
    study.add("compartment", lambda patient: "dermis" if patient in "P1P3P5" else "epidermis")
    study.config["study"]["columns"]["compartment"] = "compartment"
    study.config["questions"] = [{"by": "compartment"}]


@collected(DESIGNS, "compartment_is_timepoint", "all samples before from one compartment, all after from the other")
def _(study: Study) -> None:
    study.sheet = [[*row, "compartment" if n == 0 else f"skin_{row[2]}"] for n, row in enumerate(study.sheet)]
    study.config["study"]["columns"]["compartment"] = "compartment"


@collected(DESIGNS, "one_patient_per_level", "a question by a column in which every patient has a label of his own")
def _(study: Study) -> None:
    study.add("centre", lambda patient: f"centre_{patient}")
    study.config["questions"] = [{"by": "centre"}]


@collected(DESIGNS, "rank_deficient", "a question by a column that is the timepoint in other words")
def _(study: Study) -> None:
    study.sheet = [[*row, "batch" if n == 0 else f"batch_{row[2]}"] for n, row in enumerate(study.sheet)]
    study.config["questions"] = [{"by": "batch"}]


@collected(DESIGNS, "constant_covariate", "a question by a column with one label")
def _(study: Study) -> None:
    study.add("centre", lambda patient: "Basel")
    study.config["questions"] = [{"by": "centre"}]


@collected(DESIGNS, "unknown_column", "a question by a column that is not there")
def _(study: Study) -> None:
    study.config["questions"] = [{"by": "tissue"}]


@collected(DESIGNS, "same_visit_twice", "before and after are one label")
def _(study: Study) -> None:
    study.config["study"]["timepoints"] = {"before": "before", "after": "before"}


@collected(DESIGNS, "regimen_without_doses", "a question by regimen, and no doses in the sheet", CHECK)
def _(study: Study) -> None:
    study.config["questions"] = [{"by": "regimen"}]


@collected(DESIGNS, "slope_on_text", "a slope on a column with text")
def _(study: Study) -> None:
    study.add("severity", lambda patient: "mild" if patient == "P2" else patient[1])
    study.config["questions"] = [{"slope": "severity"}]


@collected(DESIGNS, "visit_of_nobody", "a further visit that no sample has", CHECK)
def _(study: Study) -> None:
    study.config["study"]["timepoints"]["after"] = ["after", "week12"]
    study.config["questions"] = ["response", {"by": "timepoint"}]


def contrast(study: Study, line: str) -> None:
    """Name a contrast file of nf-core/differentialabundance with one line."""
    study.raw["contrasts.csv"] = f"id,variable,reference,target,blocking\n{line}\n".encode()
    study.config["contrasts"] = "contrasts.csv"


@collected(DESIGNS, "contrast_without_blocking", "a contrast of nf-core without blocking", CHECK)
def _(study: Study) -> None:
    contrast(study, "week,timepoint,before,after,")


@collected(DESIGNS, "contrast_turned_round", "a contrast of nf-core with reference and target swapped", CHECK)
def _(study: Study) -> None:
    contrast(study, "week,timepoint,after,before,patient")
