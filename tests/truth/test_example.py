"""The example study has a known answer: what was planted is found, and little else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import binom, norm

from dermshift import engines, io
from dermshift.config import read_config
from dermshift.design import plan
from dermshift.fdr import benjamini_hochberg
from dermshift.simulate import read_truth

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd

pytestmark = pytest.mark.slow

GLAND = "sebaceous_gland"
FITS = (f"compartment_{GLAND}", f"sex_in_{GLAND}", "response")
TARGET = 0.05


@pytest.fixture(scope="module")
def tables(root: Path) -> dict[str, pd.DataFrame]:
    """Tables of the response, of the gland and of both sexes in the gland."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        config = read_config("config/config.yaml")
        study, _ = io.load_study(config.spec, config.asked)
    designs = plan(study.sheet, study.timepoints, config.asks)
    engine, options = engines.get("deseq2"), engines.EngineOptions(shrink=False)
    runs = [engine.run(study, [d for d in designs if d.fit_id == fit], options) for fit in FITS]
    return {question: table.set_index("gene_id") for run in runs for question, table in run.tables.items()}


@pytest.fixture(scope="module")
def truth(root: Path) -> pd.DataFrame:
    return read_truth(root / "data" / "example" / "truth.tsv")


@pytest.fixture(scope="module")
def planted(truth: pd.DataFrame) -> set[str]:
    """Genes with a planted change anywhere."""
    return set(truth.loc[truth["log2_fold_change"] != 0, "gene_id"])


def false_calls(tables: Iterable[pd.DataFrame], planted: set[str], *, normal: bool = False) -> tuple[int, int]:
    """Genes called at the target FDR over several tables, and how many of them have no planted change."""
    called = false = 0
    for table in tables:
        tested = table[table["status"] == "tested"]
        p = 2 * norm.sf(tested["statistic"].abs()) if normal else tested["p_value"].to_numpy()
        hits = tested.index[benjamini_hochberg(p) < TARGET]
        called += len(hits)
        false += len(set(hits) - planted)
    return called, false


def allowed(called: int) -> float:
    """Most false calls that a procedure holding its target makes in 99 of 100 studies (calls taken as independent)."""
    return float(binom.ppf(0.99, called, TARGET))


def responses(tables: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
    return [table for question, table in tables.items() if question.startswith("response")]


def test_false_discovery_proportion_is_near_its_target(tables, planted) -> None:
    called, false = false_calls(responses(tables), planted)
    assert called >= 40
    assert false <= allowed(called)


def test_the_normal_curve_would_fail_that(tables, planted) -> None:
    called, false = false_calls(responses(tables), planted, normal=True)
    assert false > allowed(called)


def test_no_sex_difference_is_called_where_none_was_planted(tables, truth) -> None:
    by_sex = truth[truth["sex"] != "all"]
    differing = set(by_sex["gene_id"])
    table = tables[f"difference_sex_male_vs_female_in_{GLAND}"]
    assert set(table.index[table["fdr"] < TARGET]) <= differing
    assert len(differing) == 1


def test_strong_planted_changes_are_found_with_their_size(tables, truth) -> None:
    table = tables[f"response_compartment_{GLAND}"]
    in_gland = truth[truth["compartment"].isin(["all", GLAND]) & (truth["sex"] == "all")].set_index("gene_id")
    strong = in_gland[in_gland["log2_fold_change"].abs() >= 0.75].index
    rows = table.loc[strong]
    rows = rows[rows["base_mean"] > 100]
    size = in_gland.loc[rows.index, "log2_fold_change"]
    assert len(rows) >= 20
    assert (rows["fdr"] < TARGET).mean() >= 0.5
    assert (np.sign(rows["log2_fold_change"]) == np.sign(size)).all()
    inside = (rows["ci_lower"] <= size) & (size <= rows["ci_upper"])
    assert inside.sum() >= binom.ppf(0.01, len(rows), 0.95)


def test_intervals_cover_what_was_planted(tables, truth) -> None:
    table = tables[f"response_compartment_{GLAND}"]
    size = truth[truth["compartment"].isin(["all", GLAND]) & (truth["sex"] == "all")].set_index("gene_id")
    rows = table[table["status"] == "tested"].join(size["log2_fold_change"].rename("planted"), how="inner")
    covered = ((rows["ci_lower"] <= rows["planted"]) & (rows["planted"] <= rows["ci_upper"])).mean()
    assert 0.94 <= covered <= 0.97


def test_lcn2_rises_in_male_glands_and_the_difference_is_estimated(tables) -> None:
    gene = "ENSG00000148346"
    male, female, difference = (
        tables[f"{question}_in_{GLAND}"].loc[gene]
        for question in ("response_sex_male", "response_sex_female", "difference_sex_male_vs_female")
    )
    assert male["fdr"] < TARGET
    for row, size in ((male, 2.2), (female, 0.4), (difference, 1.8)):
        assert row["ci_lower"] < size < row["ci_upper"]
    assert difference["p_value"] < 0.001
    assert difference["log2_fold_change"] == pytest.approx(
        male["log2_fold_change"] - female["log2_fold_change"], abs=1e-9
    )


def test_null_families_stay_null(tables, root: Path) -> None:
    sets = {s.name: set(s.symbols) for s in io.read_gmt(root / "data" / "gene_sets" / "apoptosis.gmt")}
    extrinsic = sets["APOPTOSIS_EXTRINSIC"]
    silent = (sets["APOPTOSIS_INTRINSIC"] | sets["APOPTOSIS_EXECUTION"]) - extrinsic
    for table in responses(tables):
        rows = table[table["gene_symbol"].isin(silent)]
        assert len(rows) >= 15
        assert not (rows["fdr"] < TARGET).any()
