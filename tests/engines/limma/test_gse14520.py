"""Liver tumours, 19 pairs, 22,268 probe sets (GSE14520, GPL571): R limma 3.54.1, block fixed and random."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData

from dermshift.design import Ask, plan
from dermshift.engines import EngineOptions, get
from dermshift.study import Study, Timepoints

pytestmark = pytest.mark.real_data

TABLES = {"paired": (Ask(), "response"), "dupcor": (Ask(block="random"), "response_random_block")}
LIMIT = 1e-6  # relative in t, absolute in log10 p: only rounding differs, some hundred thousand times less


@pytest.fixture(scope="module")
def reference(real_data):
    folder = real_data.parent / "reference"
    if not folder.is_dir():
        pytest.skip(f"tables of R not found at {folder}")
    return folder


@pytest.fixture(scope="module")
def study(real_data, reference):
    matrix = real_data / "gse14520_gpl571" / "GSE14520-GPL571_series_matrix.txt.gz"
    values = pd.read_csv(matrix, sep="\t", comment="!", index_col=0)
    sheet = pd.read_csv(reference / "gse14520_pairs.csv", index_col="sample")
    sheet = sheet.rename(columns={"tissue": "timepoint"})[["patient", "timepoint"]]
    genes = pd.DataFrame({"gene_symbol": "", "gene_id_original": values.index}, index=values.index.astype(str))
    data = AnnData(values[sheet.index].to_numpy(float).T, obs=sheet, var=genes)
    return Study("gse14520", data, "log2", Timepoints("nontumor", "tumor"))


@pytest.fixture(scope="module")
def run(study):
    return {name: answered(study, ask, EngineOptions()) for name, (ask, _) in TABLES.items()}


def answered(study, ask, options):
    return get("limma").run(study, plan(study.sheet, study.timepoints, [ask]), options)


def departures(result, question, r):
    mine = result.tables[question].set_index("gene_id").loc[r.index]
    return {
        "t": (mine["statistic"] / r["t"] - 1).abs().max(),
        "log10 p": (np.log10(mine["p_value"]) - np.log10(r["P.Value"])).abs().max(),
        "estimate": (mine["log2_fold_change"] - r["logFC"]).abs().max(),
        "mean": (mine["base_mean"] - r["AveExpr"]).abs().max(),
        "fdr": (mine["fdr"] - r["adj.P.Val"]).abs().max(),
    }


@pytest.mark.parametrize("name", TABLES)
def test_every_row_is_that_of_r(run, reference, name):
    r = pd.read_csv(reference / f"gse14520_{name}_limma.csv.gz", index_col=0)
    found = departures(run[name], TABLES[name][1], r)
    assert len(r) == 22_268
    assert max(found.values()) < LIMIT, found


@pytest.mark.parametrize(("name", "instead"), [("paired", {"trend": True}), ("dupcor", {"robust": True})])
def test_another_prior_would_fail_here(study, reference, name, instead):
    r = pd.read_csv(reference / f"gse14520_{name}_limma.csv.gz", index_col=0)
    found = departures(answered(study, TABLES[name][0], EngineOptions(**instead)), TABLES[name][1], r)
    assert min(found["t"], found["log10 p"]) > 1e3 * LIMIT


def test_scalars_are_those_of_r(run, reference):
    text = (reference / "gse14520_limma_scalars.txt").read_text()
    words = dict(line.split(": ") for line in text.splitlines())
    for name, key in (("paired", "df_prior"), ("paired", "s2_prior"), ("dupcor", "df_prior"), ("dupcor", "s2_prior")):
        printed = re.search(rf"{key.replace('_', '.')} (\S+)", words[name]).group(1)
        assert run[name].record[key] == pytest.approx(float(printed), rel=1e-10)
    consensus = re.search(r"consensus (\S+)", words["dupcor"]).group(1)
    # the fifteenth digit R prints is that of its own rounding
    assert run["dupcor"].record["consensus_correlation"] == pytest.approx(float(consensus), rel=1e-13)
