"""Doses, weights and days on drug."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bad_input_cases.case import Case, collected

if TYPE_CHECKING:
    from bad_input_cases.good import Study

DOSES: list[Case] = []
DOSED = {"dose_mg": "10", "doses_per_week": "3", "weight_kg": "70"}


def dosed(study: Study, **changes: str) -> None:
    """Add the columns of a dose; `changes` replace the value of the second patient."""
    for column, value in DOSED.items():
        study.add(column, lambda patient, c=column, v=value: changes.get(c, v) if patient == "P2" else v)
        study.config["study"]["columns"][column] = column


def days(study: Study, before: str, after: str) -> None:
    study.sheet = [
        [*row, "days_on_drug" if n == 0 else (before, after)[n % 2 == 0]] for n, row in enumerate(study.sheet)
    ]
    study.config["study"]["columns"]["days_on_drug"] = "days_on_drug"


@collected(DOSES, "weight_zero", "a weight of 0")
def _(study: Study) -> None:
    dosed(study, weight_kg="0")


@collected(DOSES, "dose_in_words", "a dose with its unit")
def _(study: Study) -> None:
    dosed(study, dose_mg="10 mg")


@collected(DOSES, "dose_with_comma", "a dose with a decimal comma")
def _(study: Study) -> None:
    dosed(study, dose_mg="2,5")


@collected(DOSES, "dose_in_micrograms", "a dose in micrograms where milligrams are meant")
def _(study: Study) -> None:
    dosed(study, dose_mg="500")


@collected(DOSES, "dose_changes", "a patient with two doses")
def _(study: Study) -> None:
    dosed(study)
    study.set("P2_after", "dose_mg", "20")


@collected(DOSES, "dose_negative", "a negative dose")
def _(study: Study) -> None:
    dosed(study, dose_mg="-10")


@collected(DOSES, "swapped_visits", "visits swapped: days on drug before, none after")
def _(study: Study) -> None:
    days(study, "7", "0")


@collected(DOSES, "days_do_not_rise", "as many days on drug after as before")
def _(study: Study) -> None:
    days(study, "7", "7")
