from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from dermshift.engines import EngineOptions, get
from dermshift.engines.deseq2 import META
from dermshift.engines.deseq2.gate import need_counts
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


def test_counts_pass(make_study):
    need_counts(META, make_study(n_genes=40))


def test_a_study_without_a_gene_to_test_is_refused(make_study, answer):
    with pytest.raises(DesignError, match="min_count = 1000000"):
        answer(get("deseq2"), make_study(n_genes=40), options=EngineOptions(min_count=1_000_000))


def test_refusals_import_no_library():
    code = "import sys, dermshift.engines.deseq2.gate; print('pydeseq2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
