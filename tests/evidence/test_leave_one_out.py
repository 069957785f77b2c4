"""Leaving one patient out: the closed form against refits, and badges that say what the refits say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dermshift.evidence.leave_one_out import LONG_COLUMNS, leave_one_out, summary
from dermshift.paired.changes import Changes
from dermshift.paired.moderated import t_tests

NUMBERS = list(LONG_COLUMNS[2:8])


def study(seed: int = 0, n: int = 7, genes: int = 50, k: int = 0, shift: float = 0.0) -> Changes:
    """Changes of n patients; the first k are male where k > 0."""
    rng = np.random.default_rng(seed)
    index = pd.Index([f"P{i + 1}" for i in range(n)], name="patient")
    sd = 0.4 * np.sqrt(6 / rng.chisquare(6, genes))
    values = pd.DataFrame(rng.normal(size=(n, genes)) * sd + shift, index, [f"g{j}" for j in range(genes)])
    group = pd.Series(["male"] * k + ["female"] * (n - k), index=index)
    return Changes(values, group, ("male", "female")) if k else Changes(values)


def one_item(numbers: list[float], *, moderated: bool = False) -> pd.Series:
    index = pd.Index([f"P{i + 1}" for i in range(len(numbers))], name="patient")
    return summary(leave_one_out(Changes(pd.DataFrame({"item": numbers}, index=index)), moderated=moderated)).loc[0]


@given(st.integers(0, 10_000), st.integers(4, 9), st.booleans(), st.booleans())
def test_equal_to_refits(seed: int, n: int, two: bool, moderated: bool) -> None:
    changes = study(seed, n + 4, k=n // 2 + 2, shift=3) if two else study(seed, n, shift=3)
    long = leave_one_out(changes, moderated=moderated)
    assert list(long.columns) == list(LONG_COLUMNS)
    for patient, refit in long.groupby("left_out"):
        direct = t_tests(changes.without(str(patient)) if patient else changes, moderated=moderated)
        np.testing.assert_array_equal(refit["item"], direct["item"])
        for column in NUMBERS:
            np.testing.assert_allclose(refit[column], direct[column], rtol=1e-10, atol=1e-12)
        assert refit["note"].eq("").all()


def test_closed_form_is_exact_to_twelve_digits() -> None:
    for changes in (study(1), study(2, k=3, n=8)):
        long = leave_one_out(changes, moderated=False)
        for patient in changes.patients:
            refit = long[long["left_out"] == patient]
            direct = t_tests(changes.without(patient), moderated=False)
            if direct["note"].any():
                continue
            np.testing.assert_allclose(refit["estimate"], direct["estimate"], rtol=1e-12, atol=1e-14)
            np.testing.assert_allclose(refit["standard_error"], direct["standard_error"], rtol=1e-12)


def test_moderation_is_done_anew_in_each_refit() -> None:
    df = leave_one_out(study(3), moderated=True).drop_duplicates("left_out")["df"]
    assert df.nunique() == 8
    assert set(leave_one_out(study(3), moderated=False)["df"]) == {6.0, 5.0}


def test_a_planted_patient_is_named() -> None:
    rng = np.random.default_rng(4)
    changes = study(4, genes=500)
    changes.values.iloc[:] = rng.normal(0, 0.3, (7, 500))
    changes.values.loc["P3", "g7"] += 4
    found = summary(leave_one_out(changes, moderated=True)).set_index("item")
    assert found.loc["g7", "p_value"] < 0.05  # shrinkage hides one patient's excess from the test
    assert found.loc["g7", "badge"] == "driven by P3"
    assert found.loc["g7", "most_influential"] == "P3"
    assert found.loc["g7", "estimate_min"] < 0.2 < found.loc["g7", "estimate"]
    assert found.drop(index="g7")["badge"].eq("driven by P3").mean() < 0.05
    everyone = Changes(changes.values.assign(g7=changes.values["g8"] + 4))
    assert summary(leave_one_out(everyone, moderated=True)).set_index("item").loc["g7", "badge"] == "holds in 7 of 7"


def naive_badge(numbers: np.ndarray) -> str:
    """What the badge says, from refits one by one."""
    if stats.ttest_1samp(numbers, 0).pvalue >= 0.05:
        return "not shown with all patients"
    others = [np.delete(numbers, i) for i in range(len(numbers))]
    low = [stats.ttest_1samp(other, 0).pvalue < 0.05 for other in others]
    turned = [i for i, other in enumerate(others) if np.sign(other.mean()) != np.sign(numbers.mean())]
    drivers = turned or ([low.index(False)] if sum(low) == len(low) - 1 else [])
    return f"driven by P{drivers[0] + 1}" if drivers else f"holds in {sum(low)} of {len(low)}"


def test_badges_and_ranges_against_a_loop() -> None:
    changes = study(9, genes=400, shift=0.4)
    found = summary(leave_one_out(changes, moderated=False)).set_index("item")
    for item, row in found.iterrows():
        numbers = changes.values[item].to_numpy()
        means = np.array([np.delete(numbers, i).mean() for i in range(7)])
        p = [stats.ttest_1samp(np.delete(numbers, i), 0).pvalue for i in range(7)]
        assert row["significant"] == sum(value < 0.05 for value in p)
        assert row["same_sign"] == (np.sign(means) == np.sign(numbers.mean())).sum()
        assert (row["estimate_min"], row["estimate_max"]) == pytest.approx((means.min(), means.max()))
        assert row["most_influential"] == f"P{1 + int(np.argmax(np.abs(means - numbers.mean())))}"
        assert row["badge"] == naive_badge(numbers)
    kinds = found["badge"].str.replace(r"P\d", "P", regex=True).value_counts()
    assert {"holds in 7 of 7", "driven by P", "not shown with all patients", "holds in 5 of 7"} <= set(kinds.index)


def test_equal_influences_go_to_the_first_patient() -> None:
    assert one_item([-1.0, -1.1, -0.9, -1.2, -0.8, -1.05, -0.95])["most_influential"] == "P4"
    assert one_item([-1.0, -1.1, -0.9, -0.8, -1.2, -1.05, -0.95])["most_influential"] == "P4"


def test_the_only_deletion_that_matters_names_its_patient() -> None:
    long = pd.DataFrame(
        {
            "item": "x",
            "left_out": ["", "A", "B", "C", "D"],
            "estimate": [1, 1.1, 0.9, 1.2, 0.8],
            "p_value": [0.01, 0.02, 0.03, 0.04, 0.05],
        }
    )
    assert summary(long).loc[0, "badge"] == "driven by D"  # p equal to alpha is not below it
    assert summary(long, alpha=0.06).loc[0, "badge"] == "holds in 4 of 4"
    assert summary(long.assign(p_value=[0.01, 0.02, 0.03, 0.06, 0.05])).loc[0, "badge"] == "holds in 2 of 4"
    assert summary(long.assign(estimate=[1, -0.1, 0.9, 1.2, 0.8], p_value=0.01)).loc[0, "badge"] == "driven by A"
    assert summary(long.assign(p_value=[0.01, 0.02, np.nan, 0.03, 0.01])).loc[0, "badge"] == (
        "cannot be answered: without B: no result"
    )
    assert summary(long.iloc[:1]).loc[0, "badge"] == "cannot be answered: no refit"
    absent = summary(long, patients=["A", "B", "C", "D", "E"]).loc[0]
    assert absent["badge"] == "cannot be answered: without E: no result"  # a patient without rows is no patient fewer
    assert absent["n_refits"] == 5
    unsaid = long.assign(p_value=[0.01, 0.02, np.nan, 0.03, 0.01], note=[np.nan] * 5)
    assert summary(unsaid).loc[0, "badge"] == "cannot be answered: without B: no result"


def test_order_does_not_matter_and_signs_mirror() -> None:
    changes = study(5, k=4, n=9, shift=0.4)
    found = summary(leave_one_out(changes, moderated=True)).set_index("item")
    order = np.random.default_rng(0).permutation(9)
    values = changes.values.iloc[order, ::-1]
    other = summary(leave_one_out(Changes(values, changes.group.iloc[order], changes.levels), moderated=True))
    pd.testing.assert_frame_equal(other.set_index("item").loc[found.index], found)
    negative = Changes(-changes.values, changes.group, changes.levels)
    mirrored = summary(leave_one_out(negative, moderated=True)).set_index("item")
    np.testing.assert_allclose(-mirrored["estimate_max"], found["estimate_min"], rtol=1e-12)
    assert mirrored["badge"].equals(found["badge"])


def test_too_few_patients_left_has_an_estimate_and_no_test() -> None:
    changes = study(6, k=3)
    changes.values.iloc[:3] += 5  # a difference that all patients together show
    long = leave_one_out(changes, moderated=True)
    males = long["left_out"].isin(["P1", "P2", "P3"])
    assert long.loc[males, "note"].eq("2 patients in male, at least 3 needed").all()
    assert long.loc[males, "p_value"].isna().all()
    assert long.loc[males, "estimate"].notna().all()
    assert long.loc[~males, "p_value"].notna().all()
    found = summary(long)
    why = "cannot be answered: without P1, P2, P3: 2 patients in male, at least 3 needed"
    assert found["badge"].eq(why).all()
    assert found["most_influential"].ne("").all()
    of_females = leave_one_out(study(6, k=4), moderated=True)
    assert set(of_females["note"]) == {"", "2 patients in female, at least 3 needed"}
    three = Changes(pd.DataFrame({"x": [5.0, 5.1, 5.2]}, index=["A", "B", "C"]))
    why = "cannot be answered: without any one patient: 2 patients, at least 3 needed"
    assert summary(leave_one_out(three, moderated=False)).loc[0, "badge"] == why


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (study(7, n=2), "2 patients, at least 3 needed"),
        (study(7, n=1), "1 patient, at least 3 needed"),
        (study(7, n=5, k=1), "1 patient in male, at least 3 needed"),
    ],
)
def test_too_few_patients_altogether(changes: Changes, why: str) -> None:
    for moderated in (True, False):
        long = leave_one_out(changes, moderated=moderated)
        assert long["p_value"].isna().all()
        assert long["note"].eq(why).all()
        assert summary(long)["badge"].eq(f"cannot be answered: {why}").all()


def test_items_without_variation_or_values() -> None:
    changes = study(8, shift=2)
    changes.values["g0"] = 1.3
    changes.values.loc["P2", "g1"] = np.nan
    changes.values["g2"] = [0.0] * 6 + [1.0]  # without P7 nothing varies
    changes.values["g3"] = [1.0] * 6 + [1.0 + 1e-3]
    long = leave_one_out(changes, moderated=True).set_index(["item", "left_out"])
    assert long.loc["g2"].loc["P7", "note"] == "the same change in every other patient"
    assert long.loc["g2"].loc["P7", "estimate"] == pytest.approx(0)
    assert np.isnan(long.loc["g2"].loc["P7", "p_value"])
    found = summary(long.reset_index()).set_index("item")
    assert found.loc["g0", "badge"] == "cannot be answered: the same change in every patient"
    assert found.loc["g1", "badge"] == "cannot be answered: a value is missing"
    assert found.loc["g3", "badge"] == "cannot be answered: without P7: the same change in every other patient"
    assert found.loc["g1", ["estimate", "p_value", "estimate_min", "estimate_max"]].isna().all()
    assert found.loc["g1", "most_influential"] == ""
    direct = t_tests(changes.without("P7"), moderated=True).set_index("item")
    np.testing.assert_allclose(long.xs("P7", level="left_out")["p_value"], direct["p_value"], rtol=1e-9)
    assert summary(leave_one_out(Changes(changes.values[["g0"]]), moderated=True)).loc[0, "n_refits"] == 7
    assert summary(leave_one_out(Changes(changes.values.iloc[:, :0]), moderated=True)).empty
