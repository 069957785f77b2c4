"""Random effects against R metafor and a naive loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import t as student

from dermshift.replication.left_out import ALONE, left_out_study
from dermshift.replication.pooled import combined, meta, pool

if TYPE_CHECKING:
    from pathlib import Path

CLOSE = 2e-5
"""Relative: the equation of tau2 is solved to 1e-6, R's to 1e-14."""
NAMES = ("estimate", "standard_error", "ci_lower", "ci_upper", "tau2", "q", "q_p")


@pytest.fixture(scope="module")
def reference(root: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    folder = root / "tests" / "reference" / "meta"
    answers = pd.read_csv(folder / "answers.csv", skipinitialspace=True, na_values=["NA"])
    return pd.read_csv(folder / "studies.csv"), answers.set_index("case")


def cases(reference: tuple[pd.DataFrame, pd.DataFrame]) -> list[tuple[str, pd.DataFrame, pd.Series]]:
    studies, answers = reference
    return [(name, block, answers.loc[name]) for name, block in studies.groupby("case", sort=False)]


def test_numbers_are_those_of_metafor(reference) -> None:
    for name, block, answer in cases(reference):
        found = pool(block["estimate"], block["standard_error"])
        for column in NAMES:
            assert getattr(found, column) == pytest.approx(answer[column], rel=CLOSE, abs=1e-9), (name, column)
        assert found.prediction == pytest.approx((answer["pi_lower"], answer["pi_upper"]), rel=CLOSE, nan_ok=True), name


def test_other_intervals_are_not_those_of_metafor(reference) -> None:
    """A normal curve, a factor below 1 and one study more in the degrees of freedom are wrong answers that differ."""
    _, block, answer = next(case for case in cases(reference) if case[0] == "two_alike")
    found = pool(block["estimate"], block["standard_error"])
    half = (answer["ci_upper"] - answer["ci_lower"]) / 2
    assert 1.96 * found.standard_error < 0.2 * half
    assert student.isf(0.025, 2) * found.standard_error < 0.4 * half
    shrunken = np.sqrt(((block["estimate"] - found.estimate) ** 2 / block["standard_error"] ** 2).sum())
    assert shrunken < 0.95, "here Hartung and Knapp's factor alone would have narrowed the interval"


def naive(effects: list[float], errors: list[float]) -> dict[str, float]:
    """Return the same summary by the textbook, in plain loops."""
    k = len(effects)

    def mean(tau2: float) -> float:
        weights = [1 / (error**2 + tau2) for error in errors]
        return sum(w * e for w, e in zip(weights, effects, strict=True)) / sum(weights)

    def excess(tau2: float) -> float:
        centre = mean(tau2)
        return sum((e - centre) ** 2 / (s**2 + tau2) for e, s in zip(effects, errors, strict=True)) - (k - 1)

    tau2 = brentq(excess, 0, 1e6, xtol=1e-14) if excess(0) > 0 else 0.0
    error = (1 / sum(1 / (s**2 + tau2) for s in errors)) ** 0.5
    return {"estimate": mean(tau2), "standard_error": error, "tau2": tau2, "q": excess(0) + k - 1}


@given(
    st.lists(st.tuples(st.floats(-3, 3), st.floats(0.05, 1.0)), min_size=2, max_size=9),
)
def test_numbers_are_those_of_a_plain_loop(studies: list[tuple[float, float]]) -> None:
    effects, errors = [one for one, _ in studies], [error for _, error in studies]
    found, wanted = pool(effects, errors), naive(effects, errors)
    # near Q = k - 1 tau2 is a small difference; it is judged against the errors it stands beside
    assert found.tau2 == pytest.approx(wanted["tau2"], rel=1e-4, abs=1e-5 * min(errors) ** 2 + 1e-9)
    assert found.estimate == pytest.approx(wanted["estimate"], rel=1e-4, abs=1e-5)
    assert found.standard_error == pytest.approx(wanted["standard_error"], rel=1e-4)
    assert found.q == pytest.approx(wanted["q"], rel=1e-6, abs=1e-9)
    assert found.ci_upper - found.estimate >= student.isf(0.025, len(effects) - 1) * found.standard_error * (1 - 1e-9)


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0.05, 1.0)), min_size=2, max_size=6), st.randoms())
def test_order_changes_nothing_and_turned_signs_turn_the_summary(studies, random) -> None:
    found = pool([one for one, _ in studies], [error for _, error in studies])
    shuffled = list(studies)
    random.shuffle(shuffled)
    again = pool([-one for one, _ in shuffled], [error for _, error in shuffled])
    assert again.estimate == pytest.approx(-found.estimate, rel=1e-6, abs=1e-7)
    assert (again.ci_lower, again.ci_upper) == pytest.approx((-found.ci_upper, -found.ci_lower), rel=1e-6, abs=1e-6)


def test_studies_that_differ_never_get_a_variance_of_zero(monkeypatch) -> None:
    """At a tolerance below rounding statsmodels answers 0 in silence; the next one is then taken."""
    rng = np.random.default_rng(0)
    draws = []
    while len(draws) < 40:
        errors = rng.uniform(0.03, 1, rng.integers(2, 12))
        effects = rng.normal(0, np.sqrt(errors**2 + 0.3**2))
        if naive(list(effects), list(errors))["tau2"] > 0.01:
            draws.append((effects, errors))
    monkeypatch.setattr("dermshift.replication.pooled.STEPS", 60)
    wrong = sum(combined(effects, errors**2, 1e-15).tau2 == 0 for effects, errors in draws)
    assert wrong > 2, "the wrong answer"
    monkeypatch.setattr("dermshift.replication.pooled.TOLERANCES", (1e-15, 1e-6))
    assert all(pool(effects, errors).tau2 > 0.009 for effects, errors in draws)


def effects_of(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["study", "role", "estimate", "standard_error"])
    constant = {"question": "response", "kind": "gene", "item": "LCN2", "platform": "sequencing counts"}
    ends = {"ci_lower": frame["estimate"] - 1, "ci_upper": frame["estimate"] + 1, "df": 5.0}
    return frame.assign(status="estimated", n_pairs=6, p_value=0.5, **constant, **ends)


POOLS = dict.fromkeys("ABCD", ("sequencing counts", "on_drug"))
VISITS = dict.fromkeys("ABCD", "week1")


def test_the_discovery_never_enters() -> None:
    rows = [("B", "replication", 0.4, 0.1), ("C", "replication", 0.6, 0.1)]
    alone = meta(effects_of(*rows), POOLS, VISITS)
    beside = meta(effects_of(("A", "discovery", 9.0, 0.01), *rows), POOLS, VISITS)
    pd.testing.assert_frame_equal(alone, beside)
    assert alone["studies"].item() == "B;C"
    assert alone["estimate"].item() == pytest.approx(0.5)


def test_one_study_is_not_pooled_and_kinds_of_measurement_stay_apart() -> None:
    rows = effects_of(*((study, "replication", 0.5, 0.1) for study in "BCD"))
    rows.loc[2, "platform"] = "microarray"
    found = meta(rows, POOLS | {"D": ("microarray", "on_drug")}, VISITS | {"C": "week8"})
    assert list(found["k"]) == [1, 2]
    assert found.loc[0, "note"] == "one study: not pooled"
    assert np.isnan(found.loc[0, "estimate"])
    assert found.loc[1, "studies"] == "B;C"
    assert "visits differ: week1, week8" in found.loc[1, "note"]
    assert "1 degree of freedom" in found.loc[1, "note"]


def test_without_each_study() -> None:
    rows = effects_of(*zip("BCD", ["replication"] * 3, [0.5, 0.7, -2.0], [0.2, 0.2, 0.1], strict=True))
    found = left_out_study(rows, POOLS).set_index("left_out")
    assert found.loc["D", "estimate"] == pytest.approx(0.6)
    assert found.loc["D", "same_sign"] == "no", "the sign rests on one study"
    assert list(found.loc[["B", "C"], "same_sign"]) == ["yes", "yes"]
    two = left_out_study(rows[:2], POOLS).set_index("left_out")
    assert list(two["note"]) == [ALONE, ALONE]
    assert two.loc["B", "estimate"] == 0.7
    assert two.loc["B", "df"] == 5
