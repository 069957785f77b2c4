"""Published regimens, and the columns of the sheet that follow from the doses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dermshift.checks.dosing import doses_of, number
from dermshift.dosing import Band, Dose, regimen_of
from dermshift.errors import FormatError, Problem
from dermshift.io.gene_files import read_columns
from dermshift.names import CUMULATIVE_MG_PER_KG, DAYS_ON_DRUG, DOSE_MG, DOSING, MG_PER_KG_DAY, PATIENT, REGIMEN

if TYPE_CHECKING:
    from dermshift.checks import SheetView
    from dermshift.study import StudySpec

COLUMNS = ("regimen", "measure", "lower", "upper", "times_per_week_lower", "times_per_week_upper", "source")
MEASURES = (MG_PER_KG_DAY, DOSE_MG)


def has_doses(spec: StudySpec) -> bool:
    """Tell whether the config gives any column a role of the dose."""
    return bool(set(spec.columns) & set(DOSING))


def read_regimens(path: str) -> tuple[Band, ...]:
    """Read the published definitions of regimens; an empty path gives none.

    Raises
    ------
    FormatError
        The file cannot be read, lacks a column, or a limit is no number.
    """
    if not path:
        return ()
    frame = read_columns(path, COLUMNS)
    bands: list[Band] = []
    problems: list[Problem] = []
    for place, row in enumerate(frame.to_dict("records")):
        low, high, least, most = (number(str(row[name])) for name in COLUMNS[2:6])
        if row["measure"] not in MEASURES or low is None or high is None or low > high:
            found = f"{row['measure']} from '{row['lower']}' to '{row['upper']}'"
            expected = f"a measure ({' or '.join(MEASURES)}) and two numbers, the lower first"
            problems.append(Problem(f"{path}, row {place + 2}", found, expected, "Correct the row."))
            continue
        times = None if least is None or most is None else (least, most)
        bands.append(Band(str(row["regimen"]), str(row["measure"]), low, high, times))
    if problems:
        raise FormatError(*problems)
    return tuple(bands)


def with_doses(view: SheetView, regimens: tuple[Band, ...]) -> SheetView:
    """Return the sheet with mg/kg/day, mg/kg taken so far and the regimen of every patient whose dose it has."""
    doses = doses_of(view)
    daily = {patient: f"{dose.per_kg_day:.6g}" for patient, dose in doses.items()}
    labels = {patient: regimen_of(dose, regimens) for patient, dose in doses.items()}
    if PATIENT not in view.frame:
        return view
    patients = view.frame[PATIENT]
    derived: dict[str, list[str]] = {MG_PER_KG_DAY: [daily.get(who, "") for who in patients]}
    if DAYS_ON_DRUG in view.frame:
        derived[CUMULATIVE_MG_PER_KG] = _taken(view, doses)
    if regimens:
        derived[REGIMEN] = [labels.get(who, "") for who in patients]
    return replace(view, frame=view.frame.assign(**derived), regimens=regimens)


def _taken(view: SheetView, doses: dict[str, Dose]) -> list[str]:
    days = [number(cell) for cell in view.frame[DAYS_ON_DRUG]]
    return [
        f"{doses[who].cumulative(day):.6g}" if who in doses and day is not None else ""
        for who, day in zip(view.frame[PATIENT], days, strict=True)
    ]
