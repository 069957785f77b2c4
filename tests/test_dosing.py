"""Doses in plain numbers, against the table of the domain reference, and the regimens that overlap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.dosing import Band, Dose, disagreement, regimen_of

BANDS = (
    Band("conventional", "mg_per_kg_day", 0.5, 1.0),
    Band("low", "mg_per_kg_day", 0.25, 0.4),
    Band("micro", "mg_per_kg_day", 0.1, 0.3),
    Band("micro", "dose_mg", 10, 20, (2, 3)),
)


@pytest.mark.parametrize(
    ("mg", "per_week", "at_50", "at_65", "at_80"),
    [
        (10, 3, 0.086, 0.066, 0.054),
        (20, 2, 0.114, 0.088, 0.071),
        (20, 3, 0.171, 0.132, 0.107),
        (10, 7, 0.20, 0.154, 0.125),
        (20, 7, 0.40, 0.308, 0.25),
    ],
)
def test_mean_dose_per_kg(mg: float, per_week: float, at_50: float, at_65: float, at_80: float) -> None:
    for kg, expected in ((50, at_50), (65, at_65), (80, at_80)):
        assert Dose(mg, per_week, kg).per_kg_day == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize(("daily", "week", "eight"), [(0.1, 0.7, 5.6), (0.3, 2.1, 16.8), (0.5, 3.5, 28), (1.0, 7, 56)])
def test_what_has_been_taken_so_far(daily: float, week: float, eight: float) -> None:
    dose = Dose(daily * 60, 7, 60)
    assert dose.cumulative(7) == pytest.approx(week)
    assert dose.cumulative(56) == pytest.approx(eight)


@pytest.mark.parametrize(
    ("mg", "per_week", "kg", "regimen", "said"),
    [
        (40, 7, 80, "conventional", ""),
        (20, 7, 60, "low", ""),
        (20, 7, 74, "low", "in the bands of low (0.25 to 0.4 mg/kg/day) and of micro (0.1 to 0.3 mg/kg/day)"),
        (10, 7, 65, "micro", ""),
        (10, 3, 65, "micro", "in no published band, though its schedule is micro (10 to 20 mg 2 to 3 times a week)"),
        (30, 7, 66, "low", "in no published band"),
        (100, 7, 70, "conventional", "in no published band"),
        (20, 3, 27, "low", "low (0.25 to 0.4 mg/kg/day) by the daily dose, micro"),
    ],
)
def test_one_label_and_where_the_definitions_disagree(
    mg: float, per_week: float, kg: float, regimen: str, said: str
) -> None:
    dose = Dose(mg, per_week, kg)
    assert regimen_of(dose, BANDS) == regimen
    found = disagreement(dose, BANDS)
    assert found.startswith(said) if said else found == ""


@given(st.floats(0.1, 200), st.floats(0.1, 28), st.floats(20, 300))
def test_every_dose_has_one_regimen_and_more_is_never_a_lower_one(mg: float, per_week: float, kg: float) -> None:
    order = ["micro", "low", "conventional"]
    less, more = Dose(mg, per_week, kg), Dose(mg * 1.5, per_week, kg)
    assert order.index(regimen_of(less, BANDS)) <= order.index(regimen_of(more, BANDS))


def test_without_definitions_there_is_no_label() -> None:
    assert regimen_of(Dose(20, 7, 60), ()) == ""
