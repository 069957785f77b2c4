from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from dermshift.enrich.base import SetGenes
from dermshift.enrich.overlaps_between import JACCARD, OVERLAP, clusters, set_overlaps
from dermshift.genes import GeneSet
from dermshift.names import SET_OVERLAP_COLUMNS, column_names


def genes(name: str, members: str) -> SetGenes:
    return SetGenes(GeneSet(name, "c", "", tuple(members)), tuple(sorted(members)))


def test_shared_genes_are_counted():
    frame = set_overlaps([genes("a", "uvwx"), genes("b", "wxyz12"), genes("c", "34"), genes("empty", "")])
    assert list(frame.columns) == column_names(SET_OVERLAP_COLUMNS)
    assert frame.iloc[0].tolist() == ["a", "b", 4, 6, 2, 0.25, 0.5]
    assert len(frame) == 1


def test_it_agrees_with_sets_of_python():
    draw = np.random.default_rng(1)
    sets = [
        SetGenes(GeneSet(f"s{i}", "c", "", ()), tuple(np.unique(draw.integers(0, 90, 12)).astype(str)))
        for i in range(25)
    ]
    found = {(r.set_a, r.set_b): (r.n_shared, r.jaccard, r.overlap) for r in set_overlaps(sets).itertuples()}
    for one, other in combinations(sets, 2):
        a, b = set(one.tested), set(other.tested)
        shared = len(a & b)
        key = (one.gene_set.name, other.gene_set.name)
        expected = (shared, shared / len(a | b), shared / min(len(a), len(b))) if shared else None
        assert found.get(key) == (pytest.approx(expected) if expected else None)


def test_only_named_sets_are_compared_in_their_order():
    sets = [genes("c", "xy"), genes("a", "xy"), genes("b", "xy")]
    assert set_overlaps(sets, {"b", "c", "unknown"})[["set_a", "set_b"]].to_numpy().tolist() == [["c", "b"]]
    assert set_overlaps(sets, set()).empty
    assert set_overlaps([]).empty


def test_three_names_for_one_signal_are_one_group():
    sets = [genes("other", "123456"), genes("whole", "abcdefgh"), genes("part", "abcd"), genes("most", "bcdefghi6")]
    assert clusters(set_overlaps(sets)) == [("most", "part", "whole")]


def test_groups_are_joined_through_any_member():
    chain = [genes("1", "abcd"), genes("5", "z"), genes("3", "efgh"), genes("2", "cdef"), genes("4", "uz")]
    assert clusters(set_overlaps(chain)) == [("1", "2", "3"), ("4", "5")]
    # Both halves exist before the set that joins them is seen.
    assert clusters(pairs(("a", "b", 1.0), ("c", "d", 1.0), ("b", "c", 1.0), ("a", "e", 0.4))) == [("a", "b", "c", "d")]


def pairs(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["set_a", "set_b", "overlap"]).assign(jaccard=0.0)


def test_the_limits_belong_to_the_group():
    near = pairs(("a", "b", OVERLAP), ("c", "d", OVERLAP - 1e-9))
    assert clusters(near) == [("a", "b")]
    assert clusters(near.assign(jaccard=[0.0, JACCARD])) == [("a", "b"), ("c", "d")]
    assert clusters(near.iloc[:0]) == []


def test_many_sets_are_compared_in_seconds():
    draw = np.random.default_rng(0)
    sets = [
        SetGenes(GeneSet(f"s{i}", "c", "", ()), tuple(draw.choice(20_000, 60, replace=False).astype(str)))
        for i in range(1500)
    ]
    frame = set_overlaps(sets)
    assert len(frame) > 100_000
    assert (frame["n_shared"] > 0).all()
