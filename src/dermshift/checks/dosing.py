"""The dose of each patient: numbers in their units, one dose per patient, days that fit the visits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dermshift.checks.finding import Finding, judged, listed
from dermshift.dosing import Dose, disagreement, regimen_of
from dermshift.errors import Problem
from dermshift.names import (
    CUMULATIVE_MG_PER_KG,
    DAYS_ON_DRUG,
    DERIVED,
    DOSE_MG,
    DOSES_PER_WEEK,
    DOSING,
    PATIENT,
    TIMEPOINT,
    WEIGHT_KG,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dermshift.checks.views import SheetView

NUMBER = re.compile(r"\d+(\.\d+)?")
LIMITS = {
    DOSE_MG: (0.1, 200.0, "mg at a time, e.g. 20"),
    DOSES_PER_WEEK: (0.1, 28.0, "doses in a week, e.g. 14 for twice a day"),
    WEIGHT_KG: (20.0, 300.0, "body weight in kg, e.g. 65"),
    DAYS_ON_DRUG: (0.0, 3650.0, "days since the first dose, e.g. 7; 0 before it"),
}
"""Smallest and largest number of each column, and what it is; a judgement, wide enough for any adolescent or adult."""
MOST_PER_KG_DAY = 2.0
ROUNDED = 0.1
"""Share by which a sum written in the sheet may differ from dose times days."""
WHOLE_COURSE = 120.0
"""mg/kg that a whole course aims at (domain: 120 to 150)."""


def number(cell: str) -> float | None:
    """Return the number of a cell, None where it is blank or no plain decimal."""
    return float(cell) if NUMBER.fullmatch(cell) else None


def check_dosing(view: SheetView) -> Finding:
    """Doses are numbers in their units, the same at every visit of a patient; days fit the visits."""
    if not set(DOSING) & set(view.frame):
        return Finding("dosing", "ok", "no doses in the sheet")
    wrong = [*_cells(view), *_patients(view)]
    doses = {} if wrong else doses_of(view)
    problems = wrong or [*_too_much(view, doses), *_needed(view, doses), *_own_sums(view)]
    said = _said(view, doses) if doses else "no patient with dose, doses per week and weight: no dose per kg"
    return judged("dosing", problems, "", f"{len(problems)} problems") if problems else Finding("dosing", "note", said)


def doses_of(view: SheetView) -> dict[str, Dose]:
    """Return the dose of every patient whose three numbers the sheet has."""
    if not {PATIENT, TIMEPOINT, DOSE_MG, DOSES_PER_WEEK, WEIGHT_KG} <= set(view.frame):
        return {}
    found: dict[str, Dose] = {}
    for patient, group in view.frame.groupby(PATIENT, sort=True):
        # The visit on the drug speaks first: weight may change from visit to visit.
        main = group[TIMEPOINT] == view.spec.timepoints.after
        ordered = group.assign(later=~main).sort_values("later", kind="stable")
        cells = [next((cell for cell in ordered[name] if cell), "") for name in (DOSE_MG, DOSES_PER_WEEK, WEIGHT_KG)]
        values = [number(cell) for cell in cells]
        if None not in values and values[2]:
            found[str(patient)] = Dose(*(float(value or 0) for value in values))
    return found


def _cells(view: SheetView) -> Iterator[Problem]:
    for name in DOSING:
        if name not in view.frame:
            continue
        low, high, meaning = LIMITS[name]
        for place, cell in enumerate(view.cells(name)):
            value = number(cell)
            if cell and (value is None or not low <= value <= high):
                expected = f"{meaning}: a number from {low:g} to {high:g} without a unit"
                yield Problem(view.where(name, place), f"'{cell}'", expected, "Correct the cell, or leave it blank.")


def _patients(view: SheetView) -> Iterator[Problem]:
    for patient, group in view.frame.groupby(PATIENT, sort=True):
        for name in (DOSE_MG, DOSES_PER_WEEK):
            cells = list(dict.fromkeys(cell for cell in group.get(name, ()) if cell))
            if len(cells) > 1:
                where = f"{view.spec.samples}, column '{view.spec.columns.get(name, name)}', patient '{patient}'"
                action = "Give the dose of the days before the biopsy on the drug, at every visit of the patient."
                yield Problem(where, f"{len(cells)} values: {listed(cells)}", "one value per patient", action)
        yield from _days(view, str(patient))


def _days(view: SheetView, patient: str) -> Iterator[Problem]:
    """Refuse days that do not grow from visit to visit: they tell swapped visits."""
    if DAYS_ON_DRUG not in view.frame:
        return
    order = (view.spec.timepoints.before, *view.spec.timepoints.visits)
    group = view.frame[view.frame[PATIENT] == patient]
    rows = zip(group[TIMEPOINT], map(number, group[DAYS_ON_DRUG]), strict=True)
    days = {(str(time), value) for time, value in rows if value is not None and time in order}
    known = sorted(days, key=lambda one: (order.index(one[0]), one[1]))
    where = f"{view.spec.samples}, column '{view.spec.columns[DAYS_ON_DRUG]}', patient '{patient}'"
    said = listed(f"{time}: {value:g}" for time, value in known)
    first = max((value for time, value in known if time == order[0]), default=0.0)
    later = [value for time, value in known if time != order[0]]
    if first > 0 and later and first >= max(later):
        action = "The visits look swapped: correct the timepoints of this patient, or the days."
        yield Problem(where, said, f"0 at '{order[0]}', more at later visits", action)
    elif first > 0 or any(value <= 0 for value in later):
        expected = f"0 (or blank) at '{order[0]}', more than 0 at later visits"
        yield Problem(where, said, expected, "Correct the days, or the timepoints of this patient.")


def _needed(view: SheetView, doses: dict[str, Dose]) -> Iterator[Problem]:
    """Refuse a breakdown by what follows from the dose where a patient has none."""
    missing = sorted(set(view.cells(PATIENT)) - set(doses))
    for name in sorted(view.asked & set(DERIVED)):
        if missing:
            found = f"a question by '{name}', and no dose of {listed(missing)}"
            expected = f"{DOSE_MG}, {DOSES_PER_WEEK} and {WEIGHT_KG} of every patient"
            yield Problem(view.spec.samples, found, expected, "Complete the doses, or drop the question.")


def _too_much(view: SheetView, doses: dict[str, Dose]) -> Iterator[Problem]:
    for patient, dose in doses.items():
        if dose.per_kg_day > MOST_PER_KG_DAY:
            yield Problem(
                f"{view.spec.samples}, patient '{patient}'",
                f"{dose.mg:g} mg x {dose.per_week:g} a week / 7 / {dose.kg:g} kg = {dose.per_kg_day:.3g} mg/kg/day",
                f"at most {MOST_PER_KG_DAY:g} mg/kg/day",
                f"Check the units: {DOSE_MG} is one intake, {DOSES_PER_WEEK} counts intakes, {WEIGHT_KG} is in kg.",
            )


def _own_sums(view: SheetView) -> Iterator[Problem]:
    """Compare a column of the sheet for what has been taken so far with dose times days."""
    own = f"{CUMULATIVE_MG_PER_KG}_in_sheet"
    if own not in view.frame or CUMULATIVE_MG_PER_KG not in view.frame:
        return
    for place, (given, derived) in enumerate(zip(view.cells(own), view.cells(CUMULATIVE_MG_PER_KG), strict=True)):
        a, b = number(given), number(derived)
        if a is not None and b is not None and abs(a - b) > ROUNDED * max(a, b):
            where = f"{view.spec.samples}, column '{CUMULATIVE_MG_PER_KG}', line {view.lines[place]}"
            found = f"{a:g} mg/kg; dose x days / weight gives {b:g}"
            yield Problem(where, found, "the same amount", "Correct the days, the dose or the sum.")


def _said(view: SheetView, doses: dict[str, Dose]) -> str:
    daily = [dose.per_kg_day for dose in doses.values()]
    text = f"{len(doses)} patients with a dose, {min(daily):.2g} to {max(daily):.2g} mg/kg/day"
    missing = sorted(set(view.cells(PATIENT)) - set(doses))
    text += f"; without: {listed(missing)}" if missing else ""
    if view.regimens:
        labels = [regimen_of(dose, view.regimens) for dose in doses.values()]
        counts = ", ".join(f"{name} {labels.count(name)}" for name in dict.fromkeys(sorted(labels)))
        text += f"; regimen by the lower ends of the published bands: {counts}"
        odd = {patient: said for patient, dose in doses.items() if (said := disagreement(dose, view.regimens))}
        odd_text = "; ".join(f"{patient} ({doses[patient].per_kg_day:.2g}) is {said}" for patient, said in odd.items())
        text += f". Published definitions disagree: {odd_text}" if odd else ""
    most = _cumulative(view, doses)
    course = f". Up to {most:.3g} mg/kg taken, a whole course of {WHOLE_COURSE:g} or more: check the days"
    return text + (course if most >= WHOLE_COURSE else f". Up to {most:.3g} mg/kg taken" if most else "")


def _cumulative(view: SheetView, doses: dict[str, Dose]) -> float:
    if DAYS_ON_DRUG not in view.frame:
        return 0.0
    cells = zip(view.cells(PATIENT), view.cells(DAYS_ON_DRUG), strict=True)
    return max((doses[who].cumulative(number(cell) or 0.0) for who, cell in cells if who in doses), default=0.0)
