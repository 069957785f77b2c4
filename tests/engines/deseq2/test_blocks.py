"""Genes shared out to threads."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.engines.deseq2.blocks import GENES_PER_BLOCK, by_blocks


@given(st.integers(0, 5 * GENES_PER_BLOCK), st.integers(1, 4))
def test_every_gene_is_visited_once(n_genes, threads):
    visits = np.zeros(n_genes, dtype=int)

    def visit(begin, end, out):
        out[begin:end] += 1

    by_blocks(visit, n_genes, threads, visits)
    assert (visits == 1).all()


def test_one_block_and_one_thread_stay_in_the_calling_thread():
    seen = []
    by_blocks(lambda begin, end: seen.append(threading.current_thread()), 3, 4)
    by_blocks(lambda begin, end: seen.append(threading.current_thread()), 3 * GENES_PER_BLOCK, 1)
    assert set(seen) == {threading.current_thread()}


def test_several_threads_work_at_once():
    both = threading.Barrier(2, timeout=30)
    by_blocks(lambda begin, end: both.wait(), 2 * GENES_PER_BLOCK, 2)  # one thread alone would wait in vain


def test_an_error_in_a_block_is_heard():
    def fails(begin, end):
        if begin:
            raise ValueError("block two")

    for threads in (1, 2):
        with pytest.raises(ValueError, match="block two"):
            by_blocks(fails, 2 * GENES_PER_BLOCK, threads)
