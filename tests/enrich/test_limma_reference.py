"""Gene sets of simulated studies against what R limma 3.54.1 answers for them; see tests/reference/README.md."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dermshift.engines.voom.precision import precision
from dermshift.enrich import competitive, effects, rotation
from dermshift.genes import GeneSet

REFERENCE = Path(__file__).parents[1] / "reference"
LOG2 = [("enrichment_log2", name) for name in ("response", "sex", "compartment", "random_block")]
COUNTS = [("enrichment_counts", name) for name in ("response", "sex", "compartment")]
# The same steps; only rounding differs, and with counts it passes through the weights: far below any printed digit.
LIMIT = 1e-6


@pytest.fixture
def ask(make_table, make_asked):
    """Return a question of a reference study as the methods see it, with R's rotation of weighted genes if told."""

    def ask(study, question, design="design"):
        folder = REFERENCE / study
        matrix = pd.read_csv(folder / question / f"{design}.csv", index_col=0)
        weights = pd.read_csv(folder / question / "contrast.csv", index_col=0)["weight"][matrix.columns]
        frame = pd.read_csv(folder / "values.csv.gz", index_col=0)
        table = make_table(np.zeros(len(frame)), gene_id=frame.index, gene_symbol=frame.index)
        members = pd.read_csv(folder / "sets.csv.gz").groupby("set", sort=False)["gene"]
        sets = [GeneSet(name, "c", "", tuple(genes)) for name, genes in members]
        asked = make_asked(table, sets, min_size=1, max_size=10_000)
        given = {"matrix": matrix.to_numpy(float), "contrast": weights.to_numpy(float)}
        if study == "enrichment_counts":  # normalised in one order of libraries, as R was
            first = pd.read_csv(folder / question / "design.csv", index_col=0)
            found = precision(frame[first.index].to_numpy(float), first.to_numpy(float))
            values, trust = (pd.DataFrame(x.T, first.index, frame.index) for x in (found.values, found.weights))
            given |= {"values": values.loc[matrix.index], "weights": trust.loc[matrix.index]}
        else:
            given |= {"values": frame[matrix.index].T}
        if (folder / question / "block.csv").exists():
            given["block"] = tuple(pd.read_csv(folder / question / "block.csv", index_col=0)["patient"])
            given["correlation"] = float((folder / question / "correlation.txt").read_text())
        return replace(asked, **given)

    return ask


@pytest.fixture
def as_in_r(monkeypatch):
    """Leave the residual effects of weighted genes as the decomposition of each gene leaves them."""
    for module in (rotation, competitive):
        monkeypatch.setattr(module, "effects", lambda asked: effects.effects(asked, aligned=False))


def answers(asked):
    """Return the p-values and directions of both methods, and camera's correlation, by set."""
    rows = rotation.fry(asked).set_index("set_name")
    both, mixed = (rows[rows["direction"] == direction] for direction in ("both", "mixed"))
    theirs = competitive.camera(asked).set_index("set_name")
    return pd.DataFrame(
        {
            "fry": both["p_value"],
            "fry_direction": both["statistic"],
            "fry_mixed": mixed["p_value"],
            "camera": theirs["p_value"],
            "camera_direction": theirs["statistic"],
            "correlation": theirs["correlation"],
        }
    )


def answers_of_r(study, question, name="answers"):
    return pd.read_csv(REFERENCE / study / question / f"{name}.csv.gz", index_col=0)


def departures(mine, r):
    """Return the largest distance of log10 p from R's for each test R has an answer of, and of the correlation."""
    found = {}
    for name in {"fry", "fry_mixed", "camera"} & set(r):
        assert (mine[name].isna() == r[name].isna()).all()
        found[name] = (np.log10(mine[name]) - np.log10(r[name])).abs().max()
    if "correlation" in r:
        known = r["camera"].notna()
        found["correlation"] = (mine["correlation"] - r["correlation"])[known].abs().max()
    return found


@pytest.mark.parametrize(("study", "question"), LOG2 + COUNTS)
def test_answers_are_those_of_r(ask, as_in_r, study, question):
    mine, r = answers(ask(study, question)), answers_of_r(study, question)
    found = departures(mine, r)
    assert max(found.values()) < LIMIT, found
    for name in {"fry", "camera"} & set(r):
        known = r[name].notna()
        assert (np.where(mine[f"{name}_direction"] < 0, "Down", "Up") == r[f"{name}_direction"])[known].all()


@pytest.mark.parametrize(("study", "question"), [case for case in LOG2 + COUNTS if case[1] != "random_block"])
def test_the_default_correlation_of_camera_would_fail_here(study, question):
    r = answers_of_r(study, question)
    assert departures(r.assign(camera=r["camera_default"]), r)["camera"] > 1e4 * LIMIT


@pytest.mark.parametrize(("study", "question"), LOG2 + COUNTS)
def test_another_contrast_would_fail_here(ask, as_in_r, study, question):
    asked = ask(study, question)
    neighbour = np.roll(asked.contrast, -1)  # an index that counts from 0 where R counts from 1
    found = departures(answers(replace(asked, contrast=neighbour)), answers_of_r(study, question))
    found.pop("correlation", None)  # of the residuals, which no contrast changes
    assert min(found.values()) > 1e4 * LIMIT, found


def test_a_block_left_out_would_fail_here(ask):
    asked = ask("enrichment_log2", "random_block")
    found = departures(answers(replace(asked, block=(), correlation=None)), answers_of_r(*LOG2[-1]))
    assert min(found.values()) > 1e4 * LIMIT


@pytest.mark.parametrize(("study", "question"), COUNTS)
def test_r_answers_otherwise_when_weighted_libraries_are_shuffled(ask, as_in_r, study, question):
    mine = answers(ask(study, question, "shuffled"))
    shuffled = answers_of_r(study, question, "shuffled_answers")
    found = departures(mine, shuffled)
    assert max(found.values()) < LIMIT, found
    between = departures(answers_of_r(study, question).drop(columns="fry_mixed"), shuffled.drop(columns="fry_mixed"))
    assert min(between.values()) > 1e-3, between


@pytest.mark.parametrize(("study", "question"), COUNTS)
def test_aligned_residuals_do_not(ask, study, question):
    """Apart from fry's scale of a gene, from which it leaves the largest effect out: which one that is may change."""
    mine, again = answers(ask(study, question)), answers(ask(study, question, "shuffled"))
    found = departures(again, mine)
    assert max(found["camera"], found["correlation"]) < 1e-9, found
    assert found["fry"] < 0.05


@pytest.mark.parametrize(("study", "question"), COUNTS)
def test_aligned_residuals_stay_near_r(ask, study, question):
    found = departures(answers(ask(study, question)), answers_of_r(study, question))
    assert found["correlation"] < 0.05, found
    assert max(found["camera"], found["fry"]) < 0.15, found
