"""The example study in the repository is the one the simulator makes."""

from __future__ import annotations

import numpy as np
import pytest

from dermshift.simulate import Settings, render, simulate


@pytest.fixture(scope="module")
def example(root):
    return simulate(Settings(seed=20, data=root / "data"))


def test_remaking_the_example_gives_the_same_bytes(root, example):
    made = render(example)
    folder = root / "data/example"
    assert sorted(made) == sorted(path.name for path in folder.iterdir())
    assert {name: (folder / name).read_bytes() for name in made} == made
    assert sum(map(len, made.values())) < 6_000_000


def test_the_example_is_large_enough_to_be_honest(example):
    assert len(example.counts) >= 12_000
    assert example.sheet["patient"].nunique() >= 12
    assert example.sheet["compartment"].nunique() == 3


def test_libraries_have_a_plausible_size(example):
    total = example.counts[example.sheet.index].sum()
    assert total.between(1e7, 3e7).all()
    assert 0.1 < np.log(total).std() < 0.25


def test_the_male_gland_response_is_visible_and_the_female_one_is_small(example):
    sheet = example.sheet[example.sheet["compartment"] == "sebaceous_gland"]
    counts = example.counts.loc["ENSG00000148346", list(sheet.index)].astype(float)
    cpm = counts / example.counts[list(sheet.index)].sum() * 1e6
    wide = np.log2(cpm + 0.05).groupby([sheet["sex"], sheet["patient"], sheet["timepoint"]]).first().unstack()
    change = (wide["week1"] - wide["baseline"]).groupby("sex").mean()
    assert change["male"] == pytest.approx(2.2, abs=0.6)
    assert change["female"] == pytest.approx(0.4, abs=0.6)


def test_null_genes_are_calibrated(example):
    stats = pytest.importorskip("scipy.stats")
    null = example.truth[example.truth["compartment"] == "all"]["gene_id"]
    for compartment, sheet in example.sheet.groupby("compartment"):
        counts = example.counts.loc[null, list(sheet.index)]
        counts = counts[counts.mean(axis=1) > 10]
        logs = np.log2((counts + 0.5) / example.counts[list(sheet.index)].sum() * 1e6)
        after, before = (logs[list(sheet.index[sheet["timepoint"] == t])].to_numpy() for t in ("week1", "baseline"))
        p = stats.ttest_1samp(after - before, 0, axis=1).pvalue
        assert (p < 0.05).mean() == pytest.approx(0.05, abs=0.015), compartment
