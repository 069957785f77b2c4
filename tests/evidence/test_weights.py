"""Quality weights: against R limma, against weighted least squares, and on a library made bad on purpose."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dermshift.design import plan
from dermshift.design.question import Ask
from dermshift.evidence.weights import COLUMNS, WEIGHT_COLUMNS, Weighted, weighted
from dermshift.study import Timepoints

if TYPE_CHECKING:
    from pathlib import Path

VISITS = Timepoints("baseline", "week1")


def study(
    n: int = 7, genes: int = 300, *, bad: str = "", seed: int = 0, compartments: tuple[str, ...] = ("",)
) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    rows = [
        (f"P{i}_{t}_{place}", f"P{i}", t, "female" if i % 2 else "male", place)
        for i in range(n)
        for place in compartments
        for t in (VISITS.before, VISITS.after)
    ]
    sheet = pd.DataFrame(rows, columns=["sample", "patient", "timepoint", "sex", "compartment"]).set_index("sample")
    if compartments == ("",):
        sheet = sheet.drop(columns="compartment")
    values = rng.normal(6, 0.3, (len(sheet), genes)) * np.sqrt(1 / rng.gamma(4, 0.25, genes))
    expression = pd.DataFrame(values, index=sheet.index, columns=[f"G{i}" for i in range(genes)])
    if bad:
        expression.loc[bad] += rng.normal(0, 2, genes)
    return sheet, expression


def design_for(sheet: pd.DataFrame, question: str, *by: str) -> Any:
    return next(design for design in plan(sheet, VISITS, [Ask(*by)]) if design.question.id == question)


def reference(folder: Path) -> tuple[Any, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """What stands in for a design, the values, and R's weights and table."""
    read = {p.name.split(".")[0]: pd.read_csv(p, index_col=0) for p in folder.glob("*.csv.gz")}
    matrix = read["design"]
    labels = pd.DataFrame({"patient": "P", "timepoint": "t"}, index=matrix.index)
    design = SimpleNamespace(
        matrix=matrix,
        contrast=read["contrast"]["contrast"].to_numpy(float),
        libraries=labels,
        residual_df=matrix.shape[0] - matrix.shape[1],
        block=(),
    )
    return design, read["values"], read["weights"], read["table"]


@pytest.mark.parametrize(("name", "shape"), [("response", (14, 8)), ("sex", (14, 9)), ("compartments", (28, 22))])
def test_weights_and_table_agree_with_limma(root: Path, name: str, shape: tuple[int, int]) -> None:
    design, values, weights, table = reference(root / "tests" / "reference" / "limma_weights" / name)
    assert design.matrix.shape == shape
    found = weighted(design, values)
    np.testing.assert_allclose(found.weights["weight"], weights["weight"], rtol=1e-6)
    mine = found.table.set_index("item")
    for column in ("estimate", "standard_error", "df"):
        np.testing.assert_allclose(mine[column], table[column], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(-np.log10(mine["p_value"]), -np.log10(table["p_value"]), rtol=1e-6, atol=1e-9)
    unweighted = np.linalg.lstsq(design.matrix.to_numpy(), values.to_numpy(), rcond=None)[0].T @ design.contrast
    assert np.abs(unweighted - table["estimate"]).max() > 0.01, "weights of 1 would not pass"


def test_limma_saw_the_spaces_the_design_builds(root: Path) -> None:
    places = ("gland", "dermis")
    sheet, _ = study(compartments=places)
    sheet["sex"] = ["male" if patient in {"P4", "P5", "P6"} else "female" for patient in sheet["patient"]]
    one = sheet[sheet["compartment"] == "gland"].drop(columns="compartment")
    questions = {
        "response": (one, "response"),
        "sex": (one, "difference_sex_male_vs_female", "sex"),
        "compartments": (sheet, "difference_compartment_gland_vs_dermis", "compartment"),
    }
    for name, asked in questions.items():
        theirs = reference(root / "tests" / "reference" / "limma_weights" / name)[0].matrix
        mine = design_for(*asked).matrix.loc[asked[0].index]  # both: patient, compartment, visit
        assert mine.shape == theirs.shape
        assert np.linalg.matrix_rank(np.column_stack([mine, theirs])) == theirs.shape[1]


def test_the_estimate_is_weighted_least_squares_and_p_fits_the_interval() -> None:
    sheet, expression = study(bad="P3_week1_")
    design = design_for(sheet, "difference_sex_male_vs_female", "sex")
    found = weighted(design, expression)
    root_weight = np.sqrt(found.weights["weight"].to_numpy())[:, None]
    y = expression.loc[design.matrix.index].to_numpy()
    beta = np.linalg.lstsq(design.matrix.to_numpy() * root_weight, y * root_weight, rcond=None)[0]
    table = found.table
    np.testing.assert_allclose(table["estimate"], design.contrast @ beta, rtol=1e-9, atol=1e-10)
    p = 2 * stats.t.sf(np.abs(table["estimate"] / table["standard_error"]), table["df"])
    np.testing.assert_allclose(table["p_value"], p, rtol=1e-9)
    outside = (table["ci_lower"] > 0) | (table["ci_upper"] < 0)
    np.testing.assert_array_equal(outside, table["p_value"] < 0.05)
    assert list(table.columns) == list(COLUMNS)
    assert list(found.weights.columns) == list(WEIGHT_COLUMNS)
    assert found.reason == ""


def lightest(found: Weighted) -> set[str]:
    weight = found.weights["weight"]
    return set(found.weights.loc[weight <= weight.min() * (1 + 1e-6), "library"])


@pytest.mark.parametrize("bad", ["P0_baseline_", "P3_week1_", "P6_week1_"])
def test_a_bad_library_gets_the_smallest_weight_together_with_its_partner(bad: str) -> None:
    sheet, expression = study(bad=bad)
    found = weighted(design_for(sheet, "response"), expression)
    patient = bad.split("_")[0]
    assert lightest(found) == {f"{patient}_baseline_", f"{patient}_week1_"}
    assert found.weights["weight"].min() < 0.3
    assert np.log(found.weights["weight"]).mean() == pytest.approx(0, abs=1e-9)


def test_without_a_bad_library_weights_stay_near_one() -> None:
    sheet, expression = study(genes=2000)
    assert weighted(design_for(sheet, "response"), expression).weights["weight"].between(0.5, 2).all()


def test_two_compartments_weigh_the_four_libraries_of_a_patient_alike() -> None:
    sheet, expression = study(bad="P2_week1_gland", compartments=("dermis", "gland"))
    design = design_for(sheet, "difference_compartment_gland_vs_dermis", "compartment")
    assert design.matrix.shape == (28, 22)
    assert lightest(weighted(design, expression)) == set(sheet.index[sheet["patient"] == "P2"])


def test_weights_help_where_one_patient_is_noise() -> None:
    """A planted change of .8 is found more often with the noisy patient counting less."""
    calls = {}
    sheet, expression = study(genes=1000, bad="P3_week1_", seed=4)
    expression.loc[sheet["timepoint"] == VISITS.after, expression.columns[:200]] += 0.8
    design = design_for(sheet, "response")
    table = weighted(design, expression).table
    calls["weighted"] = (table["p_value"][:200] < 0.05).mean()
    pairs = design.pairs
    change = expression.loc[pairs["after"]].to_numpy() - expression.loc[pairs["before"]].to_numpy()
    calls["plain"] = (stats.ttest_1samp(change[:, :200], 0).pvalue < 0.05).mean()
    assert calls["weighted"] > calls["plain"] + 0.2
    assert (table["p_value"][200:] < 0.05).mean() < 0.1


def test_rows_follow_the_design_not_the_file() -> None:
    sheet, expression = study(bad="P3_week1_")
    design = design_for(sheet, "response")
    pd.testing.assert_frame_equal(weighted(design, expression).table, weighted(design, expression.iloc[::-1]).table)


def test_genes_that_take_no_part_are_listed_with_the_reason() -> None:
    sheet, expression = study()
    usual = weighted(design_for(sheet, "response"), expression.drop(columns=["G3", "G5"])).table.set_index("item")
    expression["G3"] = 4.0
    expression.loc["P1_week1_", "G5"] = np.nan
    table = weighted(design_for(sheet, "response"), expression).table.set_index("item")
    assert table.loc["G3", "note"] == "no variation beyond the design"
    assert table.loc["G5", "note"] == "a value is missing"
    assert table.loc[["G3", "G5"], "p_value"].isna().all()
    pd.testing.assert_frame_equal(table.drop(["G3", "G5"]), usual)


@pytest.mark.parametrize("case", ["one gene", "no gene", "constant", "missing library", "no df"])
def test_degenerate_input_gets_a_reason(case: str) -> None:
    sheet, expression = study()
    design = design_for(sheet, "response")
    if case == "one gene":
        expression = expression[["G1"]]
    elif case == "no gene":
        expression = expression[[]]
    elif case == "constant":
        expression[:] = 3.0
    elif case == "missing library":
        expression = expression.drop(index="P2_week1_")
    else:
        wide = design.matrix.assign(**{f"x{i}": np.eye(14)[:, 2 * i + 1] for i in range(5)})
        design = SimpleNamespace(
            matrix=wide, contrast=np.zeros(13), libraries=design.libraries, residual_df=14 - wide.shape[1], block=()
        )
    found = weighted(design, expression)
    assert found.reason
    assert found.weights["weight"].isna().all()
    assert found.table["p_value"].isna().all()
    assert (found.table["note"] != "").all()
