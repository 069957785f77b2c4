"""Quality frames against naive loops, and their behaviour at the edges."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from hypothesis import given
from hypothesis import strategies as st

from dermshift.quality import (
    library_sizes,
    log2_expression,
    principal_components,
    quality_frames,
    sex_gene_levels,
    size_factors,
)
from dermshift.study import Study, Timepoints


def small_study(values: np.ndarray, scale: str = "counts") -> Study:
    n, genes = values.shape
    sheet = pd.DataFrame(
        {
            "patient": [f"P{i // 2}" for i in range(n)],
            "timepoint": ["baseline" if i % 2 == 0 else "week1" for i in range(n)],
        },
        index=[f"s{i}" for i in range(n)],
    )
    var = pd.DataFrame({"gene_symbol": [f"SYM{i}" for i in range(genes)]}, index=[f"G{i}" for i in range(genes)])
    adata = AnnData(values.astype(float), obs=sheet, var=var)
    return Study("small", adata, scale, Timepoints("baseline", "week1"))  # type: ignore[arg-type]


def naive_size_factors(counts: pd.DataFrame) -> list[float]:
    factors = []
    for sample in counts.index:
        ratios = []
        for gene in counts.columns:
            column = list(counts[gene])
            if min(column) > 0:
                geometric = math.exp(sum(math.log(value) for value in column) / len(column))
                ratios.append(counts.loc[sample, gene] / geometric)
        ratios.sort()
        half = len(ratios) // 2
        # The median of an even number is taken between logarithms, as DESeq2 does.
        odd = len(ratios) % 2
        factors.append(ratios[half] if odd else math.sqrt(ratios[half - 1] * ratios[half]))
    return factors


@given(st.integers(0, 10_000))
def test_size_factors_equal_a_naive_loop(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = pd.DataFrame(rng.poisson(rng.gamma(2, 20, 12), (5, 12)))
    counts.iloc[:, 0] += 1
    assert size_factors(counts).to_numpy() == pytest.approx(naive_size_factors(counts), rel=1e-10)


def test_size_factors_follow_depth() -> None:
    base = np.random.default_rng(1).poisson(50, 200) + 1
    factors = size_factors(pd.DataFrame([base, 2 * base, 4 * base]))
    assert factors.to_numpy() == pytest.approx([0.5, 1.0, 2.0])


def test_size_factors_without_a_common_gene_use_depth() -> None:
    factors = size_factors(pd.DataFrame([[0, 4], [16, 0], [0, 0]]))
    assert factors.to_numpy() == pytest.approx([0.5, 2.0, 1.0])


def test_log2_expression_removes_depth_and_passes_log2_through() -> None:
    base = np.random.default_rng(1).poisson(500, 200) + 1
    values = log2_expression(small_study(np.vstack([base, 2 * base, 4 * base])))
    assert np.abs(values.iloc[0] - values.iloc[2]).max() < 0.01
    assert (2 ** values.iloc[1]).sum() == pytest.approx(1e6, rel=0.01)
    logged = small_study(np.log2(np.vstack([base, base])), "log2")
    pd.testing.assert_frame_equal(log2_expression(logged), logged.values)


def test_library_sizes_by_scale() -> None:
    counts = np.array([[0, 5, 5], [1, 1, 8]])
    frame = library_sizes(small_study(counts))
    assert list(frame["total"]) == [10, 10]
    assert list(frame["detected"]) == [2, 3]
    logged = library_sizes(small_study(counts, "log2"))
    assert list(logged.columns) == ["lower_quartile", "median", "upper_quartile"]
    assert list(logged["median"]) == [5, 1]


def test_principal_components_equal_a_plain_decomposition() -> None:
    rng = np.random.default_rng(3)
    study = small_study(rng.normal(8, 2, (8, 60)), "log2")
    scores = principal_components(study, n_genes=40)
    values = study.values.to_numpy()
    top = values[:, np.argsort(-values.var(axis=0))[:40]]
    left, weight, _ = np.linalg.svd(top - top.mean(axis=0), full_matrices=False)
    for place, name in enumerate(("pc1", "pc2")):
        expected = left[:, place] * weight[place]
        sign = np.sign(expected @ scores[name].to_numpy())
        assert scores[name].to_numpy() == pytest.approx(sign * expected, abs=1e-8)
    assert scores["pc1_share"].iloc[0] == pytest.approx(weight[0] ** 2 / (weight**2).sum())


def test_principal_components_do_not_flip_with_the_order_of_samples() -> None:
    study = small_study(np.random.default_rng(3).normal(8, 2, (8, 60)), "log2")
    turned = Study("t", study.adata[::-1].copy(), "log2", study.timepoints)
    again = principal_components(turned).loc[list(study.sheet.index)]
    pd.testing.assert_frame_equal(principal_components(study), again, atol=1e-8, check_names=False)


def test_principal_components_within_levels_do_not_see_their_means() -> None:
    rng = np.random.default_rng(3)
    values, shift = rng.normal(8, 1, (8, 60)), rng.normal(0, 9, 60)
    places = ["a"] * 4 + ["b"] * 4

    def scores(shifted: np.ndarray) -> pd.DataFrame:
        study = small_study(shifted, "log2")
        study.adata.obs["compartment"] = places
        assert set(quality_frames(study)) >= {"principal_components", "principal_components_within"}
        return principal_components(study, n_genes=40, within="compartment")

    apart = values + np.outer([0] * 4 + [1] * 4, shift)
    pd.testing.assert_frame_equal(scores(values), scores(apart), atol=1e-8)
    centred = values - np.repeat([values[:4].mean(axis=0), values[4:].mean(axis=0)], 4, axis=0)
    pd.testing.assert_frame_equal(
        scores(values), principal_components(small_study(centred, "log2"), n_genes=40), atol=1e-8
    )


def test_principal_components_of_constant_genes_are_empty() -> None:
    assert principal_components(small_study(np.full((6, 10), 3.0), "log2")).empty


SEX_TABLE = pd.DataFrame(
    {
        "gene_symbol": ["SYM0", "SYM1", "SYM2", "ELSEWHERE"],
        "ensembl_id": ["x", "G1", "y", "z"],
        "sex": ["female", "male", "male", "male"],
        "high_cpm": [10.0, 20.0, np.nan, 5.0],
        "low_cpm": [2.0, 5.0, np.nan, 1.0],
    }
)


def test_sex_gene_levels_call_each_sample() -> None:
    counts = np.zeros((3, 20))
    counts[:, 3:] = 60_000
    counts[0, 0], counts[1, 1] = 100, 100
    frame = sex_gene_levels(small_study(counts), SEX_TABLE)
    assert frame.groupby("sample")["call"].first().to_dict() == {
        "s0": "female",
        "s1": "male",
        "s2": "indeterminate",
    }
    assert set(frame["gene_symbol"]) == {"SYM0", "SYM1"}  # one has no limit, one is not measured
    level = frame.query("sample == 's0' and gene_symbol == 'SYM0'")["log2_level"].item()
    assert level == pytest.approx(np.log2(100 / counts[0].sum() * 1e6 + 1))


def test_sex_gene_levels_of_a_log2_study_of_one_sex_judge_nothing() -> None:
    frame = sex_gene_levels(small_study(np.full((2, 5), 7.0), "log2"), SEX_TABLE)
    assert set(frame["call"]) == {"indeterminate"}
    assert frame["log2_high"].isna().all()
    assert (frame["log2_level"] == 7.0).all()


def test_sex_gene_levels_of_a_log2_study_are_parted_by_their_gap() -> None:
    values = np.full((4, 5), 7.0)
    values[:, 0], values[:, 1] = [9, 9, 3, 3], [4, 4, 8, 8]
    frame = sex_gene_levels(small_study(values, "log2"), SEX_TABLE)
    assert list(frame.groupby("sample")["call"].first()) == ["female", "female", "male", "male"]
    assert frame.groupby("gene_symbol")["log2_high"].first().to_dict() == {"SYM0": 6.0, "SYM1": 6.0}
    assert frame["log2_low"].isna().all()


def test_quality_frames_leave_the_study_alone_and_skip_what_is_absent() -> None:
    study = small_study(np.random.default_rng(0).poisson(30, (6, 40)))
    before = study.values.copy()
    assert set(quality_frames(study)) == {"library_sizes", "principal_components"}
    assert sex_gene_levels(study, SEX_TABLE.assign(gene_symbol="no", ensembl_id="no")).empty
    pd.testing.assert_frame_equal(study.values, before)
