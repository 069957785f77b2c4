"""Three visits in one model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData

from dermshift.design import Ask, library_values, plan, tested_genes
from dermshift.errors import DesignError
from dermshift.paired.changes import changes
from dermshift.study import Study, Timepoints

TIMES = Timepoints("baseline", "week1", ("week8",))
LABELS = ("baseline", "week1", "week8")


def sheet_of(n: int = 5, places: tuple[str, ...] = ("",)) -> pd.DataFrame:
    rows = [
        (f"P{i}{label}{place}", f"P{i}", label, "female" if i % 2 else "male", place)
        for i in range(n)
        for label in LABELS
        for place in places
    ]
    frame = pd.DataFrame(rows, columns=["sample", "patient", "timepoint", "sex", "compartment"]).set_index("sample")
    return frame if places != ("",) else frame.drop(columns="compartment")


def test_every_visit_against_the_first_and_against_each_other_from_one_matrix() -> None:
    designs = plan(sheet_of(), TIMES, [Ask("timepoint")])
    ids = ["response_timepoint_week1", "response_timepoint_week8", "difference_timepoint_week8_vs_week1"]
    assert [design.question.id for design in designs] == ids
    assert {design.fit_id for design in designs} == {"timepoint"}
    for design in designs:
        assert design.matrix.shape == (15, 7)
        assert (design.residual_df, design.n_pairs, design.stratum) == (8, 5, "within patients")
    first, second, difference = (design.contrast for design in designs)
    np.testing.assert_array_equal(difference, second - first)


def test_estimates_are_the_means_of_the_patients_own_changes() -> None:
    sheet = sheet_of()
    values = pd.DataFrame(np.random.default_rng(0).normal(size=(15, 3)), index=sheet.index, columns=list("abc"))
    wide = {label: values[(sheet["timepoint"] == label).to_numpy()].to_numpy() for label in LABELS}
    right = [wide["week1"] - wide["baseline"], wide["week8"] - wide["baseline"], wide["week8"] - wide["week1"]]
    for design, expected in zip(plan(sheet, TIMES, [Ask("timepoint")]), right, strict=True):
        fitted = np.linalg.lstsq(design.matrix.to_numpy(float), values.loc[design.matrix.index], rcond=None)[0]
        np.testing.assert_allclose(design.contrast @ fitted, expected.mean(axis=0), atol=1e-12)
        np.testing.assert_allclose(changes(design, values).values.to_numpy(), expected, atol=1e-12)


def test_the_main_visit_has_its_questions_as_before() -> None:
    three = sheet_of(6)
    two = three[three["timepoint"] != "week8"]
    for ask in (Ask(), Ask("sex")):
        designs = zip(plan(three, TIMES, [ask]), plan(two, Timepoints("baseline", "week1"), [ask]), strict=True)
        for one, other in designs:
            pd.testing.assert_frame_equal(one.matrix, other.matrix)


def test_a_patient_without_one_visit_is_left_out_of_the_comparison_of_visits_alone() -> None:
    sheet = sheet_of().drop(index="P2week8")
    response, *visits = plan(sheet, TIMES, [Ask(), Ask("timepoint")])
    assert response.n_pairs == 5
    assert response.left_out == ()
    assert {design.n_pairs for design in visits} == {4}
    assert [item.patient for item in visits[0].left_out] == ["P2"]


def test_compartments_have_equal_shares_at_all_three_visits() -> None:
    rng = np.random.default_rng(1)
    sheet = sheet_of(4, ("dermis", "gland"))
    depth = rng.integers(200, 2000, len(sheet))
    counts = np.vstack([rng.poisson(d / 100, 100) for d in depth]).astype(float)
    var = pd.DataFrame({"gene_symbol": ""}, index=[f"g{j}" for j in range(100)])
    study = Study("t", AnnData(counts, obs=sheet, var=var), "counts", TIMES)
    design = plan(sheet, TIMES, [Ask("timepoint")])[0]
    assert design.matrix.shape == (12, 6)
    sums = library_values(study, design).sum(axis=1)
    for _, part in sums.groupby(design.libraries["patient"]):
        assert part.max() / part.min() < 1.15  # binomial noise alone
    within = plan(sheet, TIMES, [Ask("timepoint", "compartment")])
    assert [design.question.id for design in within][:3] == [
        "response_timepoint_week1_in_dermis",
        "response_timepoint_week8_in_dermis",
        "difference_timepoint_week8_vs_week1_in_dermis",
    ]
    assert tested_genes(study, min_count=1).any()


@pytest.mark.parametrize(
    ("times", "ask", "words"),
    [
        (Timepoints("baseline", "week1"), Ask("timepoint"), r"after: \[week1, week8\]"),
        (TIMES, Ask("timepoint", block="random"), "block: fixed"),
    ],
)
def test_what_cannot_be_compared_is_refused(times: Timepoints, ask: Ask, words: str) -> None:
    with pytest.raises(DesignError, match=words):
        plan(sheet_of(), times, [ask])


def test_two_patients_with_every_visit_are_too_few() -> None:
    with pytest.raises(DesignError, match="2 patients with a complete pair"):
        plan(sheet_of(2), TIMES, [Ask("timepoint")])
