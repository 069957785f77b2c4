"""Libraries and the gene filter: equal shares, one vote, no peeking."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData

from dermshift.design import Ask, library_values, plan, tested_genes
from dermshift.design.libraries import equal_depth
from dermshift.study import Scale, Study, Timepoints

TIMES = Timepoints("baseline", "week1")


def study_of(scale: Scale = "counts", shares: tuple[float, float] = (0.5, 0.5)) -> Study:
    """Five patients, two compartments; `shares` is compartment A's share of reads before and after."""
    rng = np.random.default_rng(0)
    rows, values = [], []
    profile = {"A": np.r_[np.full(20, 9.0), np.ones(180)], "B": np.ones(200)}
    for i in range(5):
        for t, share in zip((TIMES.before, TIMES.after), shares, strict=True):
            for place in ("A", "B"):
                rows.append((f"s{i}{t}{place}", f"P{i}", t, place))
                depth = 60_000 * (share if place == "A" else 1 - share)
                values.append(rng.poisson(depth * profile[place] / profile[place].sum()).astype(float))
    sheet = pd.DataFrame(rows, columns=["sample", "patient", "timepoint", "compartment"]).set_index("sample")
    var = pd.DataFrame({"gene_symbol": ""}, index=[f"g{j}" for j in range(200)])
    X = np.vstack(values)
    return Study("t", AnnData(np.log2(X + 1) if scale == "log2" else X, obs=sheet, var=var), scale, TIMES)


def test_shifting_shares_are_no_response_after_thinning() -> None:
    study = study_of(shares=(0.77, 0.42))
    design = plan(study.sheet, TIMES, [Ask()])[0]
    summed = library_values(study, design)
    after = (design.libraries["timepoint"] == TIMES.after).to_numpy()
    share = summed.div(summed.sum(axis=1), axis=0)
    change = np.log2(share[after].mean() / share[~after].mean())
    assert abs(change.iloc[:20].median()) < 0.05
    plain = study.values.groupby([study.sheet["patient"], study.sheet["timepoint"]]).sum()
    plain = plain.div(plain.sum(axis=1), axis=0).groupby(level=1).mean()
    wrong = np.log2(plain.loc[TIMES.after] / plain.loc[TIMES.before])
    assert wrong.iloc[:20].median() < -0.3  # plain sums do make a response out of shares


def test_sums_do_not_depend_on_order_or_names() -> None:
    study = study_of(shares=(0.6, 0.4))
    design = plan(study.sheet, TIMES, [Ask()])[0]
    order = np.random.default_rng(1).permutation(len(study.sheet))
    shuffled = Study("t", study.adata[order].copy(), "counts", TIMES)
    other = library_values(shuffled, plan(shuffled.sheet, TIMES, [Ask()])[0])
    pd.testing.assert_frame_equal(library_values(study, design), other)
    renamed = study.adata.copy()
    renamed.obs["patient"] = "X" + renamed.obs["patient"].astype(str)
    again = Study("t", renamed, "counts", TIMES)
    values = library_values(again, plan(again.sheet, TIMES, [Ask()])[0])
    np.testing.assert_array_equal(values.to_numpy(), library_values(study, design).to_numpy())


def test_seed_changes_the_thinning_and_zero_is_a_seed() -> None:
    study = study_of(shares=(0.6, 0.4))
    design = plan(study.sheet, TIMES, [Ask()])[0]
    zero, again, one = (library_values(study, design, seed=seed) for seed in (0, 0, 1))
    pd.testing.assert_frame_equal(zero, again)
    assert not zero.equals(one)


def test_thinning_keeps_the_shallower_library() -> None:
    deep, shallow = np.full(1000, 40.0), np.full(1000, 10.0)
    thinned, same = equal_depth([deep, shallow], seed=0)
    assert same is shallow
    assert thinned.sum() == pytest.approx(10_000, rel=0.05)
    assert (thinned <= deep).all()
    swapped = equal_depth([shallow, deep], seed=0)
    np.testing.assert_array_equal(swapped[1], thinned)


def test_log2_values_are_averaged_over_compartments() -> None:
    study = study_of("log2")
    design = plan(study.sheet, TIMES, [Ask()])[0]
    expected = study.values.groupby([study.sheet["patient"], study.sheet["timepoint"]]).mean()
    np.testing.assert_allclose(library_values(study, design).loc["P0.week1"], expected.loc[("P0", "week1")])


def test_single_samples_pass_through() -> None:
    study = study_of()
    design = next(d for d in plan(study.sheet, TIMES, [Ask("compartment")]) if d.question.levels == ("A",))
    values = library_values(study, design)
    pd.testing.assert_frame_equal(values, study.values.loc[values.index], check_names=False)


def test_filter_is_blind_to_labels_and_keeps_genes_of_one_compartment() -> None:
    study = study_of()
    X = study.adata.X.copy()
    in_a = (study.sheet["compartment"] == "A").to_numpy()
    X[:, 0] = np.where(in_a, np.arange(20.0) + 50, 0)  # one compartment only: kept
    X[:, 1] = 50  # constant: never tested
    X[:, 2] = 9  # below the threshold
    X[:, 3] = np.where(np.arange(20) < 4, 500, 0)  # in four samples, groups have five
    changed = Study("t", AnnData(X, obs=study.sheet, var=study.genes), "counts", TIMES)
    kept = tested_genes(changed)
    assert kept.iloc[:4].tolist() == [True, False, False, False]
    flipped = study.sheet.assign(timepoint=study.sheet["timepoint"].map({"baseline": "week1", "week1": "baseline"}))
    pd.testing.assert_series_equal(
        kept, tested_genes(Study("t", AnnData(X, obs=flipped, var=study.genes), "counts", TIMES))
    )


def test_filter_ignores_samples_without_a_partner() -> None:
    study = study_of()
    lone = study.adata[study.sheet.index != "s0week1A"].copy()
    X = lone.X.copy()
    X[:, 0] = np.where(lone.obs_names == "s0baselineA", 1000, 0)
    kept = tested_genes(Study("t", AnnData(X, obs=lone.obs, var=lone.var), "counts", TIMES), min_count=0)
    assert not kept.iloc[0]  # constant among paired samples
