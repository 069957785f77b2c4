from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from dermshift.engines import EngineOptions, get
from dermshift.engines.deseq2 import META
from dermshift.engines.deseq2.gate import need_counts, need_one_fit
from dermshift.errors import DesignError, ScaleError


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda X: np.round(np.log2(X + 1)), "rounded log2"),
        (lambda X: np.log2(X + 1), "not whole numbers"),
        (lambda X: X - 500, "negative"),
        (lambda X: np.where(X.max() == X, np.nan, X), "1 values"),
        (lambda X: np.where(X.max() == X, np.inf, X), "1 values"),
    ],
)
def test_values_that_are_no_counts_are_refused(make_study, change, found):
    study = make_study(n_genes=40)
    study.adata.X = change(study.adata.X)
    with pytest.raises(ScaleError, match=found):
        need_counts(META, study)


def test_counts_pass(make_study, sex_designs):
    need_counts(META, make_study(n_genes=40))
    need_one_fit(sex_designs)


def test_rank_deficient_matrix_is_refused_with_its_columns(sex_designs):
    first = sex_designs[0]
    matrix = first.matrix.assign(male=(first.libraries.index.str.contains("P[567]")).astype(float))
    broken = replace(first, matrix=matrix, contrast=np.append(first.contrast, 0.0))
    with pytest.raises(DesignError, match=r"rank 9 .* male\n.*full column rank 10"):
        need_one_fit([broken])


def test_every_mismatch_is_named(sex_designs):
    first, second, third = sex_designs
    with pytest.raises(DesignError) as caught:
        need_one_fit([first, replace(second, fit_id="other"), replace(third, contrast=np.ones(2))])
    assert len(caught.value.problems) == 2
    assert {problem.where for problem in caught.value.problems} == {
        "question 'response_sex_male'",
        "question 'difference_sex_male_vs_female'",
    }


def test_libraries_in_another_order_are_refused(sex_designs):
    first = sex_designs[0]
    with pytest.raises(DesignError, match="different order"):
        need_one_fit([replace(first, libraries=first.libraries.iloc[::-1])])


def test_no_design_is_refused():
    with pytest.raises(DesignError, match="no design"):
        need_one_fit([])


def test_a_study_without_a_gene_to_test_is_refused(make_study, answer):
    with pytest.raises(DesignError, match="min_count = 1000000"):
        answer(get("deseq2"), make_study(n_genes=40), options=EngineOptions(min_count=1_000_000))


def test_refusals_import_no_library():
    code = "import sys, dermshift.engines.deseq2.gate; print('pydeseq2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
