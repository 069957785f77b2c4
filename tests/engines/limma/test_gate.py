from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dermshift.design import Ask, plan
from dermshift.engines import EngineOptions, get
from dermshift.engines.limma import META
from dermshift.engines.limma.gate import (
    beyond,
    block_columns,
    need_correlation,
    need_every_coefficient,
    need_informative_block,
    need_log2,
)
from dermshift.errors import DesignError, ScaleError


def test_a_missing_value_is_refused_with_its_gene(make_study, answer):
    study = make_study("log2", n_genes=40)
    study.adata.X[3, 5] = np.nan
    study.adata.X[0, 9] = -np.inf  # a zero that became a logarithm
    with pytest.raises(ScaleError, match=r"2 genes with a missing or infinite value: G5, G9\n"):
        answer(get("limma"), study)
    study.adata.X[1] = np.nan
    with pytest.raises(ScaleError, match=r"40 genes .* G0, G1, G2, G3, G4, \.\.\."):
        need_log2(META, study)


def test_a_study_that_does_not_vary_is_refused(make_study, answer):
    study = make_study("log2", n_genes=40)
    study.adata.X[:] = 7.0
    with pytest.raises(DesignError, match="no gene that varies"):
        answer(get("limma"), study)


@pytest.fixture(scope="module")
def blocked(sex_designs):
    """A cell-mean design of seven patients with two libraries each."""
    first = sex_designs[0]
    after = first.libraries["timepoint"].eq("week1").to_numpy(float)
    matrix = pd.DataFrame({"cell_baseline": 1 - after, "cell_week1": after}, index=first.matrix.index)
    contrast = np.array([-1.0, 1.0])
    return replace(first, matrix=matrix, contrast=contrast, block=tuple(first.libraries["patient"]))


def test_patients_in_a_cell_mean_matrix_are_an_informative_block(blocked):
    need_informative_block(blocked)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda design: {"block": tuple("ABCDEFGHIJKLMN")}, "14 blocks among 14 libraries"),
        (lambda design: {"block": ("A",) * 14}, "1 blocks among 14 libraries"),
        (lambda design: {"block": tuple("AABCDEFGHIJKLM")}, "13 blocks among 14 libraries"),
    ],
)
def test_a_block_that_tells_nothing_is_refused(blocked, change, found):
    with pytest.raises(DesignError, match=found):
        need_informative_block(replace(blocked, **change(blocked)))


def test_patient_columns_beside_a_patient_block_are_refused(sex_designs):
    """R sets the correlation to zero with a warning: the same table, under another name."""
    first = sex_designs[0]
    with pytest.raises(DesignError, match="already tell apart"):
        need_informative_block(replace(first, block=tuple(first.libraries["patient"])))


def test_too_few_libraries_for_a_correlation_are_refused(blocked):
    few = blocked.matrix.index[:4]
    small = replace(blocked, matrix=blocked.matrix.loc[few], block=blocked.block[:4])
    with pytest.raises(DesignError, match="4 libraries and 2 coefficients"):
        need_informative_block(small)


def test_what_no_gene_can_tell_is_refused():
    need_correlation(0.2)
    with pytest.raises(DesignError, match="no gene with a correlation"):
        need_correlation(float("nan"))
    need_every_coefficient(3, 3)
    with pytest.raises(DesignError, match="rank 2"):
        need_every_coefficient(2, 3)


def test_a_column_the_library_would_drop_is_refused(make_study):
    """Full rank for doubles, not for the library: it would warn, drop the column and go on."""
    study = make_study("log2", n_genes=40)
    [design] = plan(study.sheet, study.timepoints, [Ask()])
    almost = design.matrix.iloc[:, 0] + design.matrix.iloc[:, 1] + 1e-10 * np.arange(14) ** 2
    broken = replace(design, matrix=design.matrix.assign(dose=almost), contrast=np.append(design.contrast, 0.0))
    with pytest.raises(DesignError, match="9 coefficients that can be told apart"):
        get("limma").run(study, [broken], EngineOptions())


def test_columns_of_a_block_and_what_a_matrix_leaves():
    np.testing.assert_array_equal(block_columns(("b", "a", "b")), [[1, 0], [0, 1], [1, 0]])
    matrix = np.random.default_rng(0).normal(size=(7, 3))
    rest = beyond(matrix)
    assert rest.shape == (7, 4)
    np.testing.assert_allclose(rest.T @ matrix, 0, atol=1e-14)
    np.testing.assert_allclose(rest.T @ rest, np.eye(4), atol=1e-14)


def test_refusals_import_no_library():
    code = "import sys, dermshift.engines.limma.gate; print('pylimma' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
