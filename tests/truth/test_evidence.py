"""What the evidence says of the example study, whose answer is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dermshift import io
from dermshift.config import read_config
from dermshift.design import library_values, plan, tested_genes
from dermshift.evidence.cards import DIFFERS, difference_cards
from dermshift.evidence.flips import flip_null
from dermshift.evidence.leave_one_out import leave_one_out, summary
from dermshift.fdr import benjamini_hochberg
from dermshift.paired.changes import changes
from dermshift.paired.moderated import t_tests
from dermshift.quality import log2_cpm
from dermshift.simulate import read_truth

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

LCN2 = "ENSG00000148346"
IN_GLAND = "difference_sex_male_vs_female_in_sebaceous_gland"


@pytest.fixture(scope="module")
def taken(root: Path):
    """The patients' changes of tested genes, by question."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        config = read_config("config/config.yaml")
        study, _ = io.load_study(config.spec, config.asked)
    usual = tested_genes(study)
    found = {}
    for design in plan(study.sheet, study.timepoints, config.asks):
        wide = changes(design, log2_cpm(library_values(study, design)))
        found[design.question.id] = (design, replace(wide, values=wide.values.loc[:, usual]))
    return found


@pytest.fixture(scope="module")
def planted(root: Path) -> pd.DataFrame:
    return read_truth(root / "data" / "example" / "truth.tsv")


def test_the_planted_sex_difference_of_lcn2_in_the_gland_is_told(taken, planted):
    design, here = taken[IN_GLAND]
    rows = t_tests(here, moderated=False).set_index("item").assign(fdr=float("nan"))
    found = difference_cards(
        {"levels": design.question.levels, "n_by_level": design.n_by_level},
        "paired_t",
        {},
        rows.loc[[LCN2]],
        alpha=0.05,
    ).iloc[0]
    in_gland = planted[(planted["gene_id"] == LCN2) & (planted["compartment"] == "sebaceous_gland")].set_index("sex")
    truth = in_gland.loc["male", "log2_fold_change"] - in_gland.loc["female", "log2_fold_change"]
    assert found["verdict"] == DIFFERS
    assert found["ci_lower"] < truth < found["ci_upper"]
    assert "male - female" in found["sentence"]


def test_genes_without_a_planted_sex_difference_are_not_told_to_differ(taken, planted):
    """Judged by the false discovery rate; genes with equal planted changes in both sexes are among them."""
    _, here = taken[IN_GLAND]
    by_sex = set(planted.loc[(planted["sex"] != "all") & (planted["log2_fold_change"] != 0), "gene_id"])
    rows = t_tests(here, moderated=True).set_index("item")
    rows["fdr"] = benjamini_hochberg(rows["p_value"].to_numpy(float))
    told = rows.index[rows["fdr"] < 0.05]
    assert len(set(told) - by_sex) <= 1


def test_lcn2_in_the_gland_holds_without_every_patient(taken):
    _, here = taken["response_compartment_sebaceous_gland"]
    found = summary(leave_one_out(replace(here, values=here.values[[LCN2]]), moderated=False)).iloc[0]
    assert found["badge"] == "holds in 12 of 12"
    assert found["estimate_min"] > 0


def test_more_genes_are_found_in_the_gland_than_chance_yields(taken):
    _, here = taken["response_compartment_sebaceous_gland"]
    found = flip_null(here)
    assert found.n_genes > 5
    assert found.p_genes < 0.01
    assert found.p_genes >= found.floor


def test_where_a_level_has_six_patients_the_floor_is_stated(taken):
    _, here = taken["response_sex_male_in_sebaceous_gland"]
    assert flip_null(here).floor == pytest.approx(1 / 32)
