"""Cells of the sample sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bad_input_cases.case import Case, collected
from bad_input_cases.good import VISITS

if TYPE_CHECKING:
    from bad_input_cases.good import Study

SHEETS: list[Case] = []


@collected(SHEETS, "missing_column", "a column the configuration names is not in the sheet")
def _(study: Study) -> None:
    study.sheet[0][1] = "Patient_ID"


@collected(SHEETS, "blank_cells", "blank cells")
def _(study: Study) -> None:
    study.set("P2_after", "sex", "")
    study.set("P3_after", "patient", " ")


@collected(SHEETS, "outer_blanks", "a blank behind a label")
def _(study: Study) -> None:
    study.set("P2_after", "sex", "female ")


@collected(SHEETS, "mixed_spellings", "one label in several spellings")
def _(study: Study) -> None:
    study.set("P2_after", "sex", "Female")
    study.set("P5_before", "sex", "M")


@collected(SHEETS, "sex_missing", "sex unknown for some patients: NA")
def _(study: Study) -> None:
    study.set("P2_before", "sex", "NA")
    study.set("P2_after", "sex", "NA")


@collected(SHEETS, "sex_changes", "a patient with two sexes")
def _(study: Study) -> None:
    study.set("P2_after", "sex", "male")


@collected(SHEETS, "sex_against_expression", "a recorded sex that the genes of the Y chromosome and XIST contradict")
def _(study: Study) -> None:
    study.set("P2_before", "sex", "male")
    study.set("P2_after", "sex", "male")


@collected(SHEETS, "unknown_timepoint", "a label of the visit that the configuration does not name")
def _(study: Study) -> None:
    study.set("P2_after", "timepoint", "aftr")


@collected(SHEETS, "unpaired", "a patient without a sample after")
def _(study: Study) -> None:
    del study.sheet[4]
    for row in study.matrix:
        del row[5]


@collected(SHEETS, "doubled", "a patient with two samples of one visit")
def _(study: Study) -> None:
    study.set("P2_after", "patient", "P1")


@collected(SHEETS, "two_patients", "two patients only")
def _(study: Study) -> None:
    del study.sheet[5:]
    for row in study.matrix:
        del row[6:]


@collected(SHEETS, "drafted_sheet", "a draft that nobody confirmed")
def _(study: Study) -> None:
    study.add("confirmed", lambda patient: "no" if patient == "P1" else "yes")
    study.set("P2_after", "sex", "?")


@collected(SHEETS, "ten_thousand_problems", "a sheet with ten thousand problems")
def _(study: Study) -> None:
    study.sheet[1:] = [[f"bad {i}/{v}", f"$(P{i})", f"visit {v}", ""] for i in range(5000) for v in VISITS]


HOSTILE = {
    "path_in_sample": ("sample", "../../x", "a path as a sample name"),
    "formula_in_patient": ("patient", "=cmd|'/C calc'!A0", "a spreadsheet formula as a patient"),
    "shell_in_sex": ("sex", "$(touch x)", "a shell command as a label"),
    "semicolon_in_sample": ("sample", "a;b", "a semicolon in a sample name"),
    "html_in_patient": ("patient", "<script>alert(1)</script>", "HTML as a patient"),
    "dash_first": ("sample", "-rf", "a name that starts with a dash, like an option"),
    "umlaut_in_patient": ("patient", "Jürg", "letters beyond A to Z in a patient"),
    "right_to_left": ("sample", "P1\u202eafter", "a mark that turns the direction of writing"),
}


def hostile(column: str, text: str) -> object:
    def spoil(study: Study) -> None:
        if column == "sample":
            study.rename_sample("P1_after", text)
        for name in ("P1_before", "P1_after") if column != "sample" else ():
            study.set(name, column, text)

    return spoil


SHEETS += [Case(name, words, hostile(column, text)) for name, (column, text, words) in HOSTILE.items()]
