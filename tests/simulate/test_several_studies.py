"""Studies of different patients that share their truth, in part or whole."""

from __future__ import annotations

import numpy as np
import pytest

from dermshift.errors import ConfigError
from dermshift.simulate import render, simulate


@pytest.fixture(scope="module")
def twin(small):
    return simulate(small(seed=5, gene_seed=3))


def test_one_gene_seed_gives_one_truth_and_other_patients(study, twin):
    assert twin.truth.equals(study.truth)
    counts = [made.counts.drop(columns="gene_name").to_numpy() for made in (study, twin)]
    assert (counts[0] != counts[1]).mean() > 0.5
    levels = [np.log2(values.mean(axis=1) + 1) for values in counts]
    assert np.corrcoef(*levels)[0, 1] > 0.98
    other = simulate(twin.settings.__class__(seed=5, genes=400, data=twin.settings.data))
    assert not other.truth.equals(study.truth), "the wrong answer: without it the background differs"


def test_the_seed_stands_for_both_where_no_gene_seed_is_given(study, small):
    assert render(simulate(small(gene_seed=3)))["counts.tsv.gz"] == render(study)["counts.tsv.gz"]


def test_panels_are_left_out_or_turned_round_and_all_else_stays(small, study):
    made = simulate(small(absent=("lcn2",), reversed=("early_response",)))
    was, now = (one.truth.drop(columns="reason") for one in (study, made))
    assert (now.loc[now["gene_symbol"] == "LCN2", "log2_fold_change"] == 0).all()
    turned = [frame[frame["panel"] == "early_response"]["log2_fold_change"].to_numpy() for frame in (was, now)]
    assert np.array_equal(turned[0], -turned[1])
    assert turned[0].any()
    untouched = [frame[~frame["panel"].isin(["early_response", "lcn2"])].reset_index(drop=True) for frame in (was, now)]
    assert untouched[0].equals(untouched[1])
    reasons = made.truth.loc[made.truth["gene_symbol"] == "LCN2", "reason"]
    assert set(reasons) == {"planted in other studies, left out of this one"}


def test_what_cannot_be_left_out_is_named(small):
    with pytest.raises(ConfigError, match="nonsense"):
        simulate(small(absent=("nonsense",)))
    with pytest.raises(ConfigError, match="each panel in one of them"):
        simulate(small(absent=("lcn2",), reversed=("lcn2",)))
    with pytest.raises(ConfigError, match="gene_seed"):
        simulate(small(gene_seed=-1))


def test_the_readme_names_these_choices(small):
    made = simulate(small(gene_seed=4, absent=("lcn2",), reversed=("early_response",)))
    readme = render(made)["README.md"].decode()
    assert "--seed 3 --gene-seed 4 --genes 400 --absent lcn2 --reverse early_response" in readme
