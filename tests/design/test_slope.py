"""A response that rises with a number of the patients, and what cannot be told apart from it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dermshift.design import Ask, plan
from dermshift.design.without import without_patient
from dermshift.errors import DesignError
from dermshift.evidence.leave_one_out import leave_one_out
from dermshift.paired.changes import changes
from dermshift.paired.exact import flip_tests
from dermshift.paired.moderated import t_tests
from dermshift.study import Timepoints

TIMES = Timepoints("baseline", "week1")
DOSES = (0.2, 0.5, 0.5, 0.8, 1.0, 0.3, 0.6)


def sheet_of(doses: tuple[float, ...] = DOSES, males: tuple[int, ...] = (1, 3, 4)) -> pd.DataFrame:
    rows = [
        (f"P{i}{time}", f"P{i}", time, "male" if i in males else "female", "" if time == "baseline" else str(dose))
        for i, dose in enumerate(doses)
        for time in ("baseline", "week1")
    ]
    columns = ["sample", "patient", "timepoint", "sex", "mg_per_kg_day"]
    return pd.DataFrame(rows, columns=columns).set_index("sample")


def expression(sheet: pd.DataFrame, items: int = 4) -> pd.DataFrame:
    values = np.random.default_rng(3).normal(size=(len(sheet), items))
    return pd.DataFrame(values, index=sheet.index, columns=[f"g{i}" for i in range(items)])


def test_one_matrix_with_the_response_at_the_mean_dose() -> None:
    (design,) = plan(sheet_of(), TIMES, [Ask(slope="mg_per_kg_day")])
    assert design.question.id == "slope_mg_per_kg_day"
    assert design.question.title == "response per mg/kg/day"
    assert design.matrix.shape == (14, 9)
    assert (design.residual_df, design.n_pairs, design.stratum) == (5, 7, "between patients")
    assert design.coefficient == "week1_x_mg_per_kg_day"
    assert abs(design.matrix["week1_x_mg_per_kg_day"].sum()) < 1e-12


def test_the_slope_is_that_of_the_changes_on_the_dose() -> None:
    sheet = sheet_of()
    values = expression(sheet)
    (design,) = plan(sheet, TIMES, [Ask(slope="mg_per_kg_day")])
    fitted = np.linalg.lstsq(design.matrix.to_numpy(float), values.loc[design.matrix.index], rcond=None)[0]
    taken = changes(design, values)
    table = t_tests(taken, moderated=False)
    X = np.column_stack([np.ones(7), DOSES])
    for place, gene in enumerate(values):
        d = values.loc[[f"P{i}week1" for i in range(7)], gene].to_numpy()
        d = d - values.loc[[f"P{i}baseline" for i in range(7)], gene].to_numpy()
        beta, rest, *_ = np.linalg.lstsq(X, d, rcond=None)
        error = np.sqrt(rest[0] / 5 * np.linalg.inv(X.T @ X)[1, 1])
        np.testing.assert_allclose((design.contrast @ fitted)[place], beta[1], rtol=1e-9)
        np.testing.assert_allclose(
            table.loc[place, ["estimate", "standard_error", "df"]].astype(float), [beta[1], error, 5], rtol=1e-9
        )


def test_leaving_a_patient_out_is_a_fit_of_the_others() -> None:
    sheet = sheet_of()
    values = expression(sheet)
    (design,) = plan(sheet, TIMES, [Ask(slope="mg_per_kg_day")])
    long = leave_one_out(changes(design, values), moderated=False).set_index(["item", "left_out"])
    for patient in ("P0", "P4"):
        others = changes(design, values).without(patient)
        direct = t_tests(others, moderated=False).set_index("item")
        np.testing.assert_allclose(
            long.xs(patient, level="left_out")["estimate"].to_numpy(float), direct["estimate"].to_numpy(float)
        )
        reduced = without_patient(design, patient)
        assert reduced is not None
        beta = np.linalg.lstsq(reduced.matrix.to_numpy(float), values.loc[reduced.matrix.index], rcond=None)[0]
        np.testing.assert_allclose(reduced.contrast @ beta, direct["estimate"].to_numpy(float))


def test_signs_say_nothing_about_a_slope() -> None:
    (design,) = plan(sheet_of(), TIMES, [Ask(slope="mg_per_kg_day")])
    found = flip_tests(changes(design, expression(sheet_of())))
    assert found["p_value"].isna().all()
    assert set(found["note"]) == {"a slope has neither signs to flip nor labels to deal"}


@pytest.mark.parametrize(
    ("doses", "words"),
    [
        ((0.2, 0.5, 0.8, 1.0), "4 patients with 4 different numbers"),
        ((0.5, 0.5, 0.5, 1.0, 1.0, 0.2), "6 patients with 3 different numbers"),
        ((0.2, 0.5, 0.8, 1.0, float("nan")), "no number for P4: 'nan'"),
    ],
)
def test_too_little_to_draw_a_line_through_is_refused(doses: tuple[float, ...], words: str) -> None:
    with pytest.raises(DesignError, match=words):
        plan(sheet_of(doses), TIMES, [Ask(slope="mg_per_kg_day")])


def test_what_goes_with_sex_is_said() -> None:
    (some,) = plan(sheet_of(), TIMES, [Ask(slope="mg_per_kg_day")])
    assert "in female patients" in some.notes[0]
    assert "sex explains" in some.notes[0]
    doses = (0.2, 0.9, 0.21, 0.91, 0.92, 0.19, 0.22)
    (nearly,) = plan(sheet_of(doses), TIMES, [Ask(slope="mg_per_kg_day")])
    assert "mostly a difference between the sexes" in nearly.notes[0]


def test_a_regimen_of_one_sex_cannot_be_told_apart_from_sex() -> None:
    sheet = sheet_of()
    sheet["regimen"] = np.where(sheet["sex"] == "male", "conventional", "low")
    *responses, difference = plan(sheet, TIMES, [Ask("regimen")])
    assert all(not design.notes for design in responses)
    assert "cannot be told apart from one between the sexes" in difference.notes[0]
    assert "conventional: 3 male; low: 4 female" in difference.notes[0]
    crossed = sheet_of(males=(0, 1, 2, 3))
    crossed["regimen"] = ["low" if i // 2 % 2 else "conventional" for i in range(14)]
    assert "told apart" not in plan(crossed, TIMES, [Ask("regimen")])[-1].notes[0]
