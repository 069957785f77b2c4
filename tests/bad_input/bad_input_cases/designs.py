"""Questions that these samples cannot answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bad_input_cases.case import Case, collected

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
