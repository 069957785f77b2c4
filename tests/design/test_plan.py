"""Designs: full rank for any imbalance, patient as the unit, and refusals in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.design import Ask, design_card, plan
from dermshift.design.matrix import aliased_columns, require_full_rank
from dermshift.errors import DesignError
from dermshift.names import SAFE_ID
from dermshift.study import Timepoints

if TYPE_CHECKING:
    from dermshift.design.model import Design

TIMES = Timepoints("pre", "after")  # alphabetical order would swap them
ALL = (Ask(), Ask("sex"), Ask("compartment"), Ask("sex", "compartment"))


def sheet_of(n_female: int, n_male: int, compartments: tuple[str, ...] = ("A",)) -> pd.DataFrame:
    rows = [
        (f"s{i}_{time}_{place}", f"P{i}", time, "female" if i < n_female else "male", place)
        for i in range(n_female + n_male)
        for time in (TIMES.before, TIMES.after)
        for place in compartments
    ]
    columns = ["sample", "patient", "timepoint", "sex", "compartment"]
    return pd.DataFrame(rows, columns=columns).set_index("sample")


def by_id(designs: list[Design]) -> dict[str, Design]:
    return {design.question.id: design for design in designs}


def test_shapes_of_four_females_and_three_males() -> None:
    designs = by_id(plan(sheet_of(4, 3, ("A", "B")), TIMES, ALL))
    shapes = {
        "response": ((14, 8), 6, 7),
        "response_sex_male": ((14, 9), 5, 3),
        "difference_sex_male_vs_female": ((14, 9), 5, 7),
        "response_compartment_A": ((14, 8), 6, 7),
        "difference_compartment_B_vs_A": ((28, 22), 6, 7),
        "difference_sex_male_vs_female_in_B": ((14, 9), 5, 7),
    }
    for name, (shape, df, n) in shapes.items():
        assert (designs[name].matrix.shape, designs[name].residual_df, designs[name].n_pairs) == (shape, df, n), name
    assert designs["difference_sex_male_vs_female"].n_by_level == {"male": 3, "female": 4}


def test_contrasts_recover_known_differences() -> None:
    designs = by_id(plan(sheet_of(4, 3, ("A", "B")), TIMES, ALL))
    rng = np.random.default_rng(0)
    truth = {
        "response_sex_female": {"female": 0.0, "male": 2.0},
        "difference_sex_male_vs_female": {"female": 0.0, "male": 2.0},
    }
    for name, effect in truth.items():
        design = designs[name]
        y = design.libraries["patient"].map(
            dict(zip(sorted({f"P{i}" for i in range(7)}), rng.normal(size=7), strict=True))
        )
        y = y + design.libraries["sex"].map(effect) * (design.libraries["timepoint"] == "after")
        beta = np.linalg.lstsq(design.matrix.to_numpy(), y.to_numpy(), rcond=None)[0]
        expected = 2.0 if design.question.kind == "difference" else 0.0
        assert design.contrast @ beta == pytest.approx(expected, abs=1e-12)


def test_compartment_difference_is_the_mean_of_patient_differences() -> None:
    design = by_id(plan(sheet_of(4, 3, ("A", "B")), TIMES, ALL))["difference_compartment_B_vs_A"]
    y = pd.Series(np.random.default_rng(1).normal(size=28), index=design.matrix.index)
    beta = np.linalg.lstsq(design.matrix.to_numpy(), y.to_numpy(), rcond=None)[0]
    change = design.pairs.assign(
        d=[y[a] - y[b] for a, b in zip(design.pairs["after"], design.pairs["before"], strict=True)]
    )
    wide = change.pivot_table(index="patient", columns="compartment", values="d")
    assert design.contrast @ beta == pytest.approx((wide["B"] - wide["A"]).mean(), abs=1e-12)


def test_numbering_patients_inside_sexes_spans_the_same_space() -> None:
    """The coding of the textbooks (n within group) is the witness for patient indicators."""
    design = by_id(plan(sheet_of(4, 3), TIMES, [Ask("sex")]))["difference_sex_male_vs_female"]
    males = (design.libraries["sex"] == "male").to_numpy(float)
    number = design.libraries["patient"].map({f"P{i}": i if i < 4 else i - 4 for i in range(7)}).to_numpy()
    after = (design.libraries["timepoint"] == "after").to_numpy(float)
    columns = [np.ones(14), males]
    columns += [(1 - males) * (number == k) for k in (1, 2, 3)] + [males * (number == k) for k in (1, 2)]
    columns += [(1 - males) * after, males * after]
    textbook = np.column_stack(columns)
    hat = [m @ np.linalg.pinv(m) for m in (textbook, design.matrix.to_numpy())]
    np.testing.assert_allclose(hat[0], hat[1], atol=1e-13)


@given(
    n_female=st.integers(3, 7),
    n_male=st.integers(3, 7),
    places=st.integers(2, 3),
    seed=st.integers(0, 2**16),
)
def test_random_unbalanced_studies(n_female: int, n_male: int, places: int, seed: int) -> None:
    sheet = sheet_of(n_female, n_male, tuple("ABC"[:places]))
    names = [f"{k:03d}" for k in np.random.default_rng(seed).permutation(n_female + n_male)]
    relabelled = sheet.assign(patient=sheet["patient"].map(dict(zip(sheet["patient"].unique(), names, strict=True))))
    designs, others = plan(sheet, TIMES, ALL), plan(relabelled.sample(frac=1, random_state=seed), TIMES, ALL)
    for design, other in zip(designs, others, strict=True):
        assert not aliased_columns(design.matrix)
        assert np.linalg.matrix_rank(design.matrix.to_numpy()) == design.matrix.shape[1]
        assert design.residual_df == design.matrix.shape[0] - design.matrix.shape[1] > 0
        assert SAFE_ID.fullmatch(design.question.id)
        assert (design.question, design.matrix.shape, design.n_pairs) == (
            other.question,
            other.matrix.shape,
            other.n_pairs,
        )
        estimate = [d.contrast @ np.linalg.pinv(d.matrix.to_numpy()) for d in (design, other)]
        weights = [
            dict(zip(d.libraries["members"], w, strict=True)) for d, w in zip((design, other), estimate, strict=True)
        ]
        by_members = [{tuple(sorted(m)): w for m, w in each.items()} for each in weights]
        assert by_members[0] == pytest.approx(by_members[1], abs=1e-10)


def test_a_patient_without_a_partner_is_left_out_and_named() -> None:
    sheet = sheet_of(4, 3, ("A", "B")).drop(index="s6_after_B")
    designs = by_id(plan(sheet, TIMES, [Ask(), Ask("compartment")]))
    assert designs["response"].n_pairs == 6
    assert designs["response_compartment_A"].n_pairs == 7
    assert designs["response_compartment_B"].n_pairs == 6
    assert {item.patient for item in designs["response"].left_out} == {"P6"}
    assert "s6_pre_B" in designs["response"].left_out[0].samples


def test_every_unanswerable_question_is_named() -> None:
    sheet = sheet_of(4, 2).assign(drug=["x"] * 12, visit=[str(i) for i in range(12)])
    with pytest.raises(DesignError) as error:
        plan(sheet, TIMES, [Ask("sex"), Ask("age"), Ask("drug"), Ask("visit"), Ask("compartment"), Ask("drug", "sex")])
    text = str(error.value)
    for part in (
        "response_sex_male",
        "no column 'age'",
        "one level only: x",
        "visit changes within patient",
        "one level only: A",
    ):
        assert part in text, part
    assert all(p.where and p.found and p.expected and p.action for p in error.value.problems)


def test_two_pairs_are_too_few() -> None:
    with pytest.raises(DesignError, match="2 patients with a complete pair"):
        plan(sheet_of(2, 0), TIMES, [Ask()])


def test_a_sex_main_effect_is_refused_by_name() -> None:
    design = plan(sheet_of(4, 3), TIMES, [Ask()])[0]
    matrix = design.matrix.assign(male=(design.libraries["sex"] == "male").astype(float))
    with pytest.raises(DesignError, match="does not change within a patient"):
        require_full_rank(matrix, "question response")


def test_card_is_plain_values() -> None:
    import json

    for design in plan(sheet_of(4, 3, ("A", "B")), TIMES, ALL):
        card = json.loads(json.dumps(design_card(design)))
        assert len(card["libraries"]) == design.matrix.shape[0]
        assert {pair["patient"] for pair in card["pairs"]} <= {f"P{i}" for i in range(7)}
