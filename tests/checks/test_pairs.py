from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dermshift.checks import SheetView
from dermshift.checks.pairs import (
    check_constant_in_patient,
    check_enough_pairs,
    check_no_doubled_samples,
    check_pairs_complete,
    pairs_of,
)
from dermshift.study import StudySpec, Timepoints

Build = Callable[..., SheetView]


def test_a_missing_sample_is_named(sheet: pd.DataFrame, sheet_view: Build) -> None:
    finding = check_pairs_complete(sheet_view(sheet.drop("P2_week1")))
    assert finding.verdict == "error"
    assert "patient 'P2'" in finding.problems[0].where
    assert "only P2_base; the sample at 'week1' is missing" in finding.problems[0].found


def test_a_missing_sample_may_be_left_out_by_choice(sheet: pd.DataFrame, sheet_view: Build) -> None:
    finding = check_pairs_complete(sheet_view(sheet.drop("P2_base"), missing_pairs="drop"))
    assert finding.verdict == "warning"
    assert finding.evidence == "3 of 4 complete pairs; in no question: P2_week1"


def test_doubled_samples_are_refused_even_when_missing_ones_may_be_dropped(
    sheet: pd.DataFrame, sheet_view: Build
) -> None:
    doubled = pd.concat([sheet, sheet.rename(index=lambda name: f"{name}_again")])
    finding = check_no_doubled_samples(sheet_view(doubled, missing_pairs="drop"))
    assert finding.verdict == "error"
    assert len(finding.problems) == 8


def test_pairs_are_counted_per_compartment(sheet: pd.DataFrame, sheet_view: Build) -> None:
    both = pd.concat(
        [sheet.assign(compartment="dermis"), sheet.assign(compartment="gland").rename(index="g_{}".format)]
    )
    view = sheet_view(both, columns={"patient": "p", "timepoint": "t", "compartment": "c"})
    assert check_no_doubled_samples(view).verdict == "ok"
    assert check_pairs_complete(view).evidence == "8 of 8 complete pairs"
    assert check_enough_pairs(view).evidence == "4 patients with a complete pair"
    lone = sheet_view(both.drop("g_P3_base"), columns=view.spec.columns)
    assert "patient 'P3', compartment 'gland'" in check_pairs_complete(lone).problems[0].where


def test_two_pairs_are_too_few(sheet: pd.DataFrame, sheet_view: Build) -> None:
    assert check_enough_pairs(sheet_view(sheet.iloc[:4])).verdict == "error"
    assert check_enough_pairs(sheet_view(sheet.iloc[:6])).verdict == "ok"
    # The last of the three is no pair.
    assert check_enough_pairs(sheet_view(sheet.iloc[:5])).verdict == "error"


def test_what_is_asked_for_must_be_constant_but_other_columns_may_change(
    sheet: pd.DataFrame, sheet_view: Build
) -> None:
    sheet["regimen"] = ["low", "high"] * 4
    assert check_constant_in_patient(sheet_view(sheet)).verdict == "ok"
    finding = check_constant_in_patient(sheet_view(sheet, asked=("regimen",)))
    assert len(finding.problems) == 4


samples = st.lists(st.tuples(st.sampled_from("ABCDE"), st.sampled_from(["base", "week1"])), min_size=1, max_size=14)


@given(rows=samples, seed=st.integers(0, 99))
def test_pair_checks_agree_with_counting_in_any_row_order(rows: list[tuple[str, str]], seed: int) -> None:
    frame = pd.DataFrame(
        rows, columns=["patient", "timepoint"], index=[f"s{i}" for i in range(len(rows))], dtype=object
    )
    frame = frame.sample(frac=1, random_state=seed)
    spec = StudySpec("s", "m", "s", {"patient": "patient", "timepoint": "timepoint"}, Timepoints("base", "week1"))
    view = SheetView(spec, frame, tuple(range(2, len(frame) + 2)), frozenset())
    cells = pd.Series(rows).value_counts()
    patients = {patient for patient, _ in rows}
    complete = {p for p in patients if (p, "base") in cells and (p, "week1") in cells}
    assert {pair.patient for pair in pairs_of(view) if pair.complete} == complete
    assert (check_no_doubled_samples(view).verdict == "ok") == (cells.max() == 1)
    assert (check_pairs_complete(view).verdict == "ok") == (complete == patients)
    assert (check_enough_pairs(view).verdict == "ok") == (len(complete) >= 3)
