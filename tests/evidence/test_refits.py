"""The same model without each patient, through the engine."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dermshift.design import Ask, plan
from dermshift.design.without import patients, without_patient
from dermshift.evidence.refits import COLUMNS, refits


def sheet(females=4, males=3):
    rows = [
        (f"{sex[0]}{i}_{time}", f"{sex[0]}{i}", time, sex)
        for sex, n in (("female", females), ("male", males))
        for i in range(n)
        for time in ("before", "after")
    ]
    return pd.DataFrame(rows, columns=["sample", "patient", "timepoint", "sex"]).set_index("sample")


@pytest.fixture
def designs(make_timepoints):
    return plan(sheet(), make_timepoints, [Ask(by="sex")])


@pytest.fixture
def make_timepoints():
    from dermshift.study import Timepoints

    return Timepoints("before", "after")


def table(design, shift=0.0):
    """A table as an engine gives it; its estimate is the number of patients, which shows who was left out."""
    n = design.pairs["patient"].nunique()
    numbers = {"log2_fold_change": n + shift, "standard_error": 1.0, "df": design.residual_df, "ci_lower": n - 2.0}
    numbers |= {"ci_upper": n + 2.0, "p_value": 0.01}
    return pd.DataFrame([{"gene_id": gene} | numbers for gene in ("G1", "G2")])


def run(kept):
    return {design.question.id: table(design) for design in kept}


def test_every_patient_is_left_out_once_and_the_full_fit_comes_first(designs):
    names = [design.question.id for design in designs]
    found = refits(run, designs, run(designs), {name: ["G2"] for name in names})
    for question, rows in found.items():
        assert list(rows.columns) == COLUMNS
        own = [p for p in patients(designs[0]) if question.startswith("difference") or p[0] == question[13]]
        assert rows["left_out"].tolist() == ["", *own]  # a question of the men is not made firmer by leaving women out
        assert rows["estimate"].tolist() == [7.0] + [6.0] * len(own)
        # without one of three men two are left: the question of the men, and the difference, would be refused
        few = rows["left_out"].str.startswith("m") & (question != "response_sex_female")
        assert rows["p_value"].isna().tolist() == few.tolist()
        assert (rows["note"] == "2 patients in male, at least 3 needed").tolist() == few.tolist()
        assert set(rows["item"]) == {"G2"}


def test_matrix_without_a_patient_is_full_rank_and_keeps_the_contrast(designs):
    for design in designs:
        for patient in patients(design):
            left = without_patient(design, patient)
            X = left.matrix.to_numpy(float)
            assert np.linalg.matrix_rank(X) == X.shape[1] == design.matrix.shape[1] - 1
            assert patient not in set(left.libraries["patient"])
            assert left.residual_df == design.residual_df - 1
            assert left.contrast.sum() == design.contrast.sum()
            assert left.matrix.index.equals(left.libraries.index)


def test_a_level_with_one_patient_has_no_answer_without_him(make_timepoints):
    alone = plan(sheet(males=3), make_timepoints, [Ask(by="sex")])
    for patient in ("m0", "m1"):
        alone = [d for d in (without_patient(design, patient) for design in alone) if d is not None]
    assert {d.question.id for d in alone} == {
        "response_sex_female",
        "response_sex_male",
        "difference_sex_male_vs_female",
    }
    last = [without_patient(design, "m2") for design in alone]
    assert [design.question.id for design in last if design is not None] == ["response_sex_female"]


def test_a_gene_the_refit_does_not_hold_has_no_numbers(designs):
    found = refits(run, designs[:1], run(designs[:1]), {designs[0].question.id: ["absent"]})
    assert found[designs[0].question.id]["estimate"].isna().all()


def test_where_nothing_is_judged_nobody_is_left_out(designs):
    names = [design.question.id for design in designs]
    found = refits(None, designs, run(designs), dict.fromkeys(names, ()))
    assert all(list(rows.columns) == COLUMNS and rows.empty for rows in found.values())
