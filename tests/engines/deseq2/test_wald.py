"""Estimates of contrasts, and genes without a count where they compare."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from dermshift.engines import EngineOptions
from dermshift.engines.deseq2.dataset import RDeseqDataSet
from dermshift.engines.deseq2.inference import BatchedInference
from dermshift.engines.deseq2.wald import estimates, no_counts, wald
from dermshift.engines.quiet import quiet

N_PAIRS = 6
COLUMNS = [*(f"P{i}" for i in range(N_PAIRS)), "female", "male"]
MALE, DIFFERENCE = np.eye(8)[-1], np.array([0.0] * 6 + [-1.0, 1.0])
SHARES = np.array([0.0] * 6 + [0.4, 0.6])


@pytest.fixture(scope="module")
def fitted(draw):
    """Gene 0 has no count at the second visit, gene 1 none at the males' second visit."""
    data = draw(13, n_genes=80, n_pairs=N_PAIRS)
    week1, male = np.tile([0.0, 1.0], N_PAIRS), np.repeat([0.0] * 3 + [1.0] * 3, 2)
    data.counts[0, week1 == 1] = data.counts[1, week1 * male == 1] = 0
    names = [f"L{i}" for i in range(12)]
    matrix = np.column_stack([np.repeat(np.eye(N_PAIRS), 2, axis=0), week1 * (1 - male), week1 * male])
    with quiet([]):
        dds = RDeseqDataSet(
            counts=pd.DataFrame(data.counts.T.astype(int), index=names, columns=[f"G{i}" for i in range(80)]),
            metadata=pd.DataFrame({"x": names}, index=names), design=pd.DataFrame(matrix, index=names, columns=COLUMNS),
            inference=BatchedInference(), quiet=True,
        )  # fmt: skip
        dds.deseq2()
    return dds


def table(dds, contrast):
    with quiet([]):
        return wald(
            dds, SimpleNamespace(contrast=contrast, matrix=dds.obsm["design_matrix"]), EngineOptions(reference="normal")
        )


def test_nothing_changed_between_nothing(fitted):
    assert np.flatnonzero(no_counts(fitted, DIFFERENCE)).tolist() == [0]
    row = table(fitted, DIFFERENCE).iloc[0]
    assert (row["estimate"], row["statistic"], row["p"]) == (0, 0, 1)


@pytest.mark.parametrize("contrast", [MALE, -MALE, SHARES])
def test_a_change_to_nothing_is_a_change(fitted, contrast):
    """Weights of one sign compare with the patients' first visit, which has counts."""
    assert not no_counts(fitted, contrast).any()
    assert abs(table(fitted, contrast)["estimate"].iloc[0]) > 1


def test_combined_contrasts_are_sums_and_their_variances_add(fitted):
    beta = fitted.varm["LFC"].to_numpy() / np.log(2)
    estimate, error = estimates(fitted, SHARES)
    np.testing.assert_allclose(estimate, 0.4 * beta[:, 6] + 0.6 * beta[:, 7], rtol=1e-12)
    apart = [estimates(fitted, np.eye(8)[k])[1] for k in (6, 7)]
    # the sexes share no library, so that their variances add
    np.testing.assert_allclose(error**2, (0.4 * apart[0]) ** 2 + (0.6 * apart[1]) ** 2, rtol=1e-6)


def test_the_opposite_question_has_the_same_p(fitted):
    there, back = table(fitted, DIFFERENCE), table(fitted, -DIFFERENCE)
    np.testing.assert_array_equal(back["estimate"], -there["estimate"])
    np.testing.assert_array_equal(back["p"], there["p"])
