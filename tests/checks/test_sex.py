from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from dermshift.checks import MatrixView
from dermshift.checks.sex import check_acknowledged, check_sex_concordance, sex_calls
from dermshift.checks.sex_levels import cpm_levels

Build = Callable[..., MatrixView]
LIMITS = pd.DataFrame(
    [("XIST", "E1", "female", 10, 2), ("RPS4Y1", "E2", "male", 20, 5), ("DDX3Y", "E3", "male", 8, np.nan)],
    columns=["gene_symbol", "ensembl_id", "sex", "high_cpm", "low_cpm"],
)


@pytest.fixture
def sexed(sheet: pd.DataFrame) -> pd.DataFrame:
    """Libraries of one million, so that counts are CPM: females with XIST, males with the Y genes."""
    female = (sheet["sex"] == "female").to_numpy()
    frame = pd.DataFrame({"E1": np.where(female, 50, 0), "E2": np.where(female, 0, 100), "E3": np.where(female, 0, 30)})
    frame.index = sheet.index
    noise = np.random.default_rng(0).integers(100, 900, 8)
    return frame.assign(rest=1_000_000 - frame.sum(axis=1) - noise, other=noise).astype(float)


@pytest.mark.parametrize(
    ("xist", "rps4y1", "ddx3y", "call"),
    [
        (10, 4.9, 0, "female"),
        (9.9, 0, 0, "indeterminate"),
        (51, 5, 0, "indeterminate"),
        (1.9, 20, 8, "male"),
        (2, 20, 8, "indeterminate"),
        (0, 20, 7, "indeterminate"),
        (0, 0, 0, "indeterminate"),
        (50, 100, 30, "indeterminate"),
    ],
)
def test_calls_follow_the_limits(xist: float, rps4y1: float, ddx3y: float, call: str) -> None:
    levels = pd.DataFrame({"XIST": [xist], "RPS4Y1": [rps4y1], "DDX3Y": [ddx3y]})
    assert list(sex_calls(levels, LIMITS)) == [call]


def test_one_odd_gene_among_many_does_not_undo_a_clear_call() -> None:
    many = pd.DataFrame(
        [("F", "", "female", 10, 2), *((f"M{i}", "", "male", 8, 1) for i in range(5))],
        columns=["gene_symbol", "ensembl_id", "sex", "high_cpm", "low_cpm"],
    )
    levels = pd.DataFrame([[0, 50, 50, 50, 50, 5], [50, 0, 0, 0, 0, 3]], columns=list(many["gene_symbol"]))
    assert list(sex_calls(levels, many)) == ["male", "female"]


def test_levels_are_counts_per_million(sexed: pd.DataFrame, matrix_view: Build) -> None:
    view = matrix_view(sexed * 3)
    levels = cpm_levels(view.values, view.genes, LIMITS)
    assert levels.loc["P1_base", "XIST"] == pytest.approx(50)
    assert list(levels.columns) == ["XIST", "RPS4Y1", "DDX3Y"]


def test_infinite_values_give_no_call_and_no_fault(sexed: pd.DataFrame, matrix_view: Build) -> None:
    sexed.loc["P1_base", "E1"] = np.inf
    assert "indeterminate 1: P1_base" in check_sex_concordance(matrix_view(sexed * 3)).evidence


def test_genes_are_found_by_symbol_too(sexed: pd.DataFrame, matrix_view: Build) -> None:
    view = matrix_view(sexed.set_axis(list("abcde"), axis=1), symbols=["XIST", "RPS4Y1", "DDX3Y", "", ""])
    assert check_sex_concordance(view).evidence == "8 of 8 samples concordant"


def test_recorded_sex_may_be_written_in_short(sexed: pd.DataFrame, sheet: pd.DataFrame, matrix_view: Build) -> None:
    short = sheet.assign(sex=sheet["sex"].map({"female": "F", "male": "Man"}))
    assert check_sex_concordance(matrix_view(sexed, sheet=short)).verdict == "ok"


def test_a_mismatch_stops_questions_by_sex(sexed: pd.DataFrame, matrix_view: Build) -> None:
    sexed.loc["P1_base"] = sexed.loc["P3_base"]
    finding = check_sex_concordance(matrix_view(sexed))
    assert finding.verdict == "error"
    assert "discordant 1: P1_base" in finding.evidence
    assert "recorded female, genes say male (CPM: XIST 0, RPS4Y1 100, DDX3Y 30)" in finding.problems[0].found


def test_a_mismatch_warns_when_sex_is_not_asked_or_it_is_acknowledged(sexed: pd.DataFrame, matrix_view: Build) -> None:
    sexed.loc["P1_base"] = sexed.loc["P3_base"]
    for view in (matrix_view(sexed, asked=()), matrix_view(sexed, acknowledged=("P1_base",))):
        finding = check_sex_concordance(view)
        assert finding.verdict == "warning"
        assert "P1_base" in finding.problems[0].where


def test_no_call_is_made_without_sex_genes_or_a_sex(
    sexed: pd.DataFrame, counts: pd.DataFrame, sheet: pd.DataFrame, matrix_view: Build
) -> None:
    views = (
        matrix_view(counts),
        matrix_view(sexed, sex_genes=None),
        matrix_view(sexed + 0.25),
        matrix_view(sexed, sheet=sheet.drop(columns="sex")),
        matrix_view(sexed[["E1", "rest", "other"]]),
        matrix_view(counts, sheet=sheet.drop(columns="sex")),
    )
    for view in views:
        finding = check_sex_concordance(view)
        assert finding.verdict == "note"
        assert "cannot be checked" in finding.evidence


def logged(counts: pd.DataFrame) -> pd.DataFrame:
    """Log2 values with decimals, as an array has them."""
    return np.log2(counts + 1.3) + 2.0


def test_log2_values_are_judged_by_their_gap(sexed: pd.DataFrame, matrix_view: Build) -> None:
    finding = check_sex_concordance(matrix_view(logged(sexed), scale="log2"))
    assert finding.verdict == "ok"
    assert finding.evidence == "8 of 8 samples concordant; sex genes parted at a gap of 10.7 log2"


def test_linear_intensities_are_judged_as_their_logarithm(sexed: pd.DataFrame, matrix_view: Build) -> None:
    finding = check_sex_concordance(matrix_view(sexed + 1.3, scale="linear"))
    assert finding.evidence == "8 of 8 samples concordant; sex genes parted at a gap of 10.7 log2"


@pytest.mark.parametrize(("asked", "acknowledged"), [(("sex",), ()), ((), ()), (("sex",), ("P1_base",))])
def test_a_mismatch_of_log2_values_weighs_as_much_as_one_of_counts(
    sexed: pd.DataFrame, matrix_view: Build, asked: tuple[str, ...], acknowledged: tuple[str, ...]
) -> None:
    sexed.loc["P1_base"] = sexed.loc["P3_base"]
    finding = check_sex_concordance(matrix_view(logged(sexed), asked, scale="log2", acknowledged=acknowledged))
    assert finding.verdict == ("error" if asked and not acknowledged else "warning")
    assert "discordant 1: P1_base" in finding.evidence
    assert "genes say male (log2: XIST 2.38, RPS4Y1 8.66, DDX3Y 6.97)" in finding.problems[0].found


def test_one_sex_in_log2_values_cannot_be_told(sexed: pd.DataFrame, matrix_view: Build) -> None:
    for name in sexed.index[4:]:
        sexed.loc[name] = sexed.loc["P1_base"]
    finding = check_sex_concordance(matrix_view(logged(sexed), scale="log2"))
    assert finding.verdict == "note"
    assert finding.evidence == ("cannot be told: the samples do not part into two sexes (widest gap 0.0 log2)")


@pytest.mark.parametrize("scale", ["counts", "log2"])
def test_without_a_record_the_genes_speak_but_record_nothing(
    sexed: pd.DataFrame, sheet: pd.DataFrame, matrix_view: Build, scale: str
) -> None:
    sexed.loc["P1_base", ["E2", "E3"]] = [100, 30]
    values = sexed if scale == "counts" else logged(sexed)
    finding = check_sex_concordance(matrix_view(values, sheet=sheet.drop(columns="sex"), scale=scale))
    assert finding.verdict == "note"
    assert "no sex column; the genes part the samples into 3 female and 4 male and leave 1 indet" in finding.evidence
    assert "not a record" in finding.evidence
    assert finding.per_sample["P1_base"] == "genes say indeterminate"
    assert finding.per_sample["P4_base"] == "genes say male"


def test_without_a_record_one_sex_is_not_named(sexed: pd.DataFrame, sheet: pd.DataFrame, matrix_view: Build) -> None:
    view = matrix_view(logged(sexed.iloc[:4]), sheet=sheet.iloc[:4].drop(columns="sex"), scale="log2")
    finding = check_sex_concordance(view)
    assert "and the genes do not tell: the samples do not part into two sexes" in finding.evidence
    assert not finding.per_sample


def test_labels_that_are_no_sex_are_listed_apart(sexed: pd.DataFrame, sheet: pd.DataFrame, matrix_view: Build) -> None:
    odd = sheet.assign(sex=["x", *sheet["sex"][1:]])
    assert (
        "recorded as neither male nor female 1: P1_base"
        in check_sex_concordance(matrix_view(sexed, sheet=odd)).evidence
    )


def test_an_acknowledged_sample_must_exist(sexed: pd.DataFrame, matrix_view: Build) -> None:
    finding = check_acknowledged(matrix_view(sexed, acknowledged=("P1_bas",)))
    assert "'P1_bas'; nearest: 'P1_base'" in finding.problems[0].found
