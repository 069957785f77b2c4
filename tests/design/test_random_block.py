"""Patients as a random block: cells for columns, and the same estimands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dermshift.cli.options import ask_text, parse_ask
from dermshift.design import Ask, design_card, plan
from dermshift.design.without import without_patient
from dermshift.errors import ConfigError, DesignError
from dermshift.study import Timepoints

TIMES = Timepoints("pre", "after")
ASKS = [Ask(), Ask("sex"), Ask("compartment"), Ask("sex", "compartment")]


def sheet_of(n_female: int = 4, n_male: int = 3, compartments: tuple[str, ...] = ("A", "B")) -> pd.DataFrame:
    rows = [
        (f"s{i}_{time}_{place}", f"P{i}", time, "female" if i < n_female else "male", place)
        for i in range(n_female + n_male)
        for time in (TIMES.before, TIMES.after)
        for place in compartments
    ]
    columns = ["sample", "patient", "timepoint", "sex", "compartment"]
    return pd.DataFrame(rows, columns=columns).set_index("sample")


def random(ask: Ask) -> Ask:
    return Ask(ask.by, ask.within, "random")


@pytest.fixture(scope="module")
def both():
    sheet = sheet_of()
    fixed = {d.question.id: d for d in plan(sheet, TIMES, ASKS)}
    return fixed, {d.question.id: d for d in plan(sheet, TIMES, [random(ask) for ask in ASKS])}


def test_every_question_has_a_twin_with_the_same_patients(both):
    fixed, twins = both
    assert list(twins) == [f"{name}_random_block" for name in fixed]
    for name, design in fixed.items():
        twin = twins[f"{name}_random_block"]
        assert (twin.n_pairs, twin.n_by_level) == (design.n_pairs, design.n_by_level), name
        assert set(twin.pairs["patient"]) == set(design.pairs["patient"])
        assert twin.stratum == design.stratum
        assert "random block" in twin.question.title
        assert design_card(twin)["block"] == "patient"
        assert design_card(design)["block"] == ""


def test_cells_are_the_columns_and_patients_the_block(both):
    _, twins = both
    crossed = twins["difference_sex_male_vs_female_in_B_random_block"]
    assert crossed.matrix.shape == (28, 8)
    assert (crossed.matrix.sum(axis=1) == 1).all()
    assert crossed.block == tuple(crossed.libraries["patient"])
    weights = dict(zip(crossed.matrix.columns, crossed.contrast, strict=True))
    assert {name: weight for name, weight in weights.items() if weight} == {
        "cell_male_B_after": 1, "cell_male_B_pre": -1, "cell_female_B_after": -1, "cell_female_B_pre": 1,
    }  # fmt: skip
    assert set(crossed.pairs["compartment"]) == {"B"}
    assert twins["response_random_block"].matrix.shape == (14, 2)
    assert len({design.fit_id for name, design in twins.items() if "_in_" in name}) == 1


def test_estimates_of_balanced_data_are_those_of_fixed_patients(both):
    fixed, twins = both
    rng = np.random.default_rng(3)
    values = pd.Series(rng.normal(size=28), index=sheet_of().index)
    for name, design in fixed.items():
        twin = twins[f"{name}_random_block"]
        found = [
            one.contrast @ np.linalg.lstsq(one.matrix.to_numpy(), library_means(one, values), rcond=None)[0]
            for one in (design, twin)
        ]
        np.testing.assert_allclose(found[1], found[0], rtol=1e-10, err_msg=name)


def library_means(design, values):
    return np.array([values[list(members)].mean() for members in design.libraries["members"]])


def test_without_a_patient_the_block_goes_too(both):
    twin = both[1]["difference_sex_male_vs_female_in_A_random_block"]
    less = without_patient(twin, "P0")
    assert less is not None
    assert less.block == tuple(less.libraries["patient"])
    assert "P0" not in less.block
    assert less.matrix.shape == (24, 8)


def test_patients_incomplete_in_one_compartment_leave_the_crossed_model():
    sheet = sheet_of().drop(index=["s0_after_B"])
    designs = {d.question.id: d for d in plan(sheet, TIMES, [Ask("sex", "compartment", "random")])}
    assert designs["difference_sex_male_vs_female_in_A_random_block"].n_by_level == {"male": 3, "female": 3}
    with pytest.raises(DesignError, match="2 patients"):
        plan(sheet_of().drop(index=["s6_after_B"]), TIMES, [Ask("sex", "compartment", "random")])


@pytest.mark.parametrize("ask", [random(ask) for ask in ASKS])
def test_a_flag_says_what_the_config_says(ask):
    assert parse_ask(ask_text(ask)) == ask


@pytest.mark.parametrize("text", ["by=sex,block=randm", "within=compartment", "by=sex,why=1", ""])
def test_other_flags_are_refused(text):
    with pytest.raises(ConfigError):
        parse_ask(text)
