"""Several libraries per patient: the overall response, each compartment, and their difference."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dermshift.design import Ask, plan
from dermshift.engines import EngineOptions, get
from dermshift.study import Study, Timepoints

ENGINE = get("deseq2")
OPTIONS = EngineOptions(shrink=False, seed=0)


@pytest.fixture(scope="module")
def study():
    """Five patients, two compartments; genes 0-9 go up in the gland only; gland libraries get deeper at week 1."""
    from anndata import AnnData

    rng = np.random.default_rng(2)
    rows = [
        (f"{p}{place}{time}", f"P{p}", time, place)
        for p in range(5)
        for place in ("dermis", "gland")
        for time in ("baseline", "week1")
    ]
    sheet = pd.DataFrame(rows, columns=["sample", "patient", "timepoint", "compartment"]).set_index("sample")
    log2 = np.tile(rng.normal(8, 1.5, 80), (20, 1)) + np.repeat(rng.normal(0, 0.3, (10, 80)), 2, axis=0)
    gland, week1 = (sheet["compartment"] == "gland").to_numpy(), (sheet["timepoint"] == "week1").to_numpy()
    log2[np.ix_(gland, range(40, 60))] += 3  # markers of the gland that do not respond
    log2[np.ix_(gland & week1, range(10))] += 2
    log2[gland & week1] += 1.5
    X = rng.negative_binomial(40, 1 / (1 + 2**log2 / 40)).astype(float)
    names = [f"G{i}" for i in range(80)]
    genes = pd.DataFrame({"gene_symbol": names, "gene_id_original": names}, index=names)
    return Study("layers", AnnData(X, obs=sheet, var=genes), "counts", Timepoints("baseline", "week1"))


def run(study, ask):
    designs = plan(study.sheet, study.timepoints, [ask])
    tables = {}
    for fit_id in dict.fromkeys(design.fit_id for design in designs):
        same = [design for design in designs if design.fit_id == fit_id]
        tables |= ENGINE.run(study, same, OPTIONS).tables
    return tables


def test_each_compartment_and_their_difference(study):
    tables = run(study, Ask(by="compartment"))
    gland, dermis = tables["response_compartment_gland"], tables["response_compartment_dermis"]
    (difference,) = (table for question, table in tables.items() if question.startswith("difference"))
    sign = 1 if "difference_compartment_gland_vs_dermis" in tables else -1
    assert (gland.loc[:9, "log2_fold_change"] > 1).all()
    assert dermis.loc[:9, "log2_fold_change"].abs().mean() < 0.5
    assert (sign * difference.loc[:9, "log2_fold_change"] > 1).all()
    assert (difference["df"].dropna() >= 4).all()
    assert (difference["n_pairs"] == 5).all()
    np.testing.assert_allclose(
        sign * difference["log2_fold_change"],
        gland["log2_fold_change"] - dermis["log2_fold_change"],
        atol=0.35,  # three fits, three sets of size factors
    )


def test_a_shift_of_library_shares_is_no_response_of_marker_genes(study):
    table = run(study, Ask())["response"]
    assert abs(table.loc[40:59, "log2_fold_change"].median()) < 0.25
    assert table["n_pairs"].eq(5).all()


def test_same_seed_same_bytes_even_when_libraries_are_thinned(study):
    order = np.random.default_rng(0).permutation(20)
    shuffled = replace(study, adata=study.adata[order].copy())
    first, second = (run(one, Ask())["response"] for one in (study, shuffled))
    assert first.to_csv() == second.to_csv()


def test_a_patient_without_a_pair_is_left_out_and_counted(study):
    lone = replace(study, adata=study.adata[study.sheet.index != "0glandweek1"].copy())
    tables = run(lone, Ask(by="compartment"))
    assert tables["response_compartment_gland"]["n_pairs"].eq(4).all()
    assert tables["response_compartment_dermis"]["n_pairs"].eq(5).all()
