"""Rows that share an identifier: refused, added up, or kept apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.io import examine
from dermshift.io.duplicates import add_up, keep_apart
from dermshift.io.matrix import Matrix


def matrix_of(genes, values=None, symbols=None):
    values = np.arange(2.0 * len(genes)).reshape(2, -1) if values is None else values
    return Matrix(values, ("S1", "S2"), tuple(genes), symbols, (), (), ())


def frame_of(names):
    return pd.DataFrame({"gene_symbol": names}, index=pd.Index(names, name="gene_id", dtype=object))


def doubled(counts):
    return pd.concat([counts, counts.iloc[[3]] * 2])


def test_rows_of_one_identifier_are_added_at_the_place_of_the_first():
    summed, [finding] = add_up(matrix_of(["B", "A", "B"], symbols=("", "a", "b")), "counts", "m")
    assert (summed.genes, summed.symbols) == (("B", "A"), ("b", "a"))
    assert summed.values.tolist() == [[2, 1], [8, 4]]
    assert finding.evidence == "rule sum: 1 identifiers stand on 2 rows: B (2 rows); their counts were added"


def test_versions_and_the_copy_on_y_are_added_to_their_gene():
    genes = ["ENSG00000000001.2", "ENSG00000000001.3", "ENSG00000000001.2_PAR_Y", "ENSG00000000002.7"]
    summed, _ = add_up(matrix_of(genes), "counts", "m")
    assert summed.genes == ("ENSG00000000001", "ENSG00000000002.7")
    assert summed.values.tolist() == [[3, 3], [15, 7]]


def test_log2_values_are_not_added_and_nothing_is_done_where_the_scale_is_unclear():
    matrix = matrix_of(["A", "A"])
    same, [finding] = add_up(matrix, "log2", "m.tsv")
    assert same is matrix
    assert finding.verdict == "error"
    [problem] = finding.problems
    assert problem.where == "m.tsv, duplicates: sum"
    assert problem.found == "log2 values, which cannot be added; 1 identifiers stand on 2 rows: A (2 rows)"
    assert add_up(matrix, None, "m") == (matrix, ())
    assert add_up(matrix_of(["A", "B"]), "log2", "m")[1] == ()


GENES = st.lists(
    st.sampled_from(["A", "B", "C", "ENSG00000000001.1", "ENSG00000000001.2", "ENSG00000000002.1"]), min_size=1
)


@given(GENES, st.randoms(use_true_random=False))
def test_sums_do_not_depend_on_the_order_and_lose_no_count(genes, random):
    values = np.array([[random.randint(0, 9) for _ in genes] for _ in range(2)], dtype=float)
    order = random.sample(range(len(genes)), len(genes))
    first, _ = add_up(matrix_of(genes, values), "counts", "m")
    second, _ = add_up(matrix_of([genes[i] for i in order], values[:, order]), "counts", "m")
    assert first.values.sum(axis=1).tolist() == values.sum(axis=1).tolist()
    assert len(set(first.genes)) == len(first.genes)
    tables = [dict(zip(m.genes, m.values.T.tolist(), strict=True)) for m in (first, second)]
    assert tables[0] == tables[1]


def test_rows_kept_apart_are_numbered_in_the_order_of_the_file():
    genes, [finding] = keep_apart(frame_of(["A", "B", "A", "A.2", "A"]))
    assert list(genes.index) == ["A", "B", "A.3", "A.2", "A.4"]
    assert list(genes["gene_symbol"]) == ["A", "B", "A", "A.2", "A"]
    assert "1 identifiers stand on 3 rows: A (3 rows)" in finding.evidence
    assert keep_apart(frame_of(["A", "B"]))[1] == ()


@given(st.lists(st.sampled_from(["A", "A.2", "A.3", "B", "A.2.2"]), min_size=1))
def test_names_kept_apart_are_different_and_single_ones_stay(names):
    genes, _ = keep_apart(frame_of(names))
    assert genes.index.is_unique
    assert all(new == old for new, old in zip(genes.index, names, strict=True) if names.count(old) == 1)
    assert set(names) <= set(genes.index)


@pytest.mark.parametrize(("rule", "n"), [("sum", 30), ("keep", 31)])
def test_a_study_follows_its_rule(study_on_disk, small_counts, rule, n):
    examined = examine(study_on_disk(counts=doubled(small_counts), duplicates=rule), frozenset())
    assert examined.study is not None, [f for f in examined.findings if f.verdict == "error"]
    assert examined.study.adata.n_vars == n
    values = examined.study.values
    if rule == "sum":
        assert values["ENSG00000000003"].tolist() == (3 * small_counts.iloc[3]).tolist()
    else:
        assert values["ENSG00000000003.3.2"].tolist() == (2 * small_counts.iloc[3]).tolist()


def test_by_default_doubled_rows_are_refused_with_the_ways_out(study_on_disk, small_counts):
    examined = examine(study_on_disk(counts=doubled(small_counts)), frozenset())
    [problem] = {finding.check: finding for finding in examined.findings}["names_once"].problems
    assert problem.found == "1 identifier more than once: ENSG00000000003.3"
    assert "study.duplicates: sum (counts are added) or keep" in problem.action


def test_log2_values_with_the_rule_sum_are_refused_once(study_on_disk, small_counts):
    log2 = np.log2(doubled(small_counts) + 1)
    examined = examine(study_on_disk(counts=log2, scale="log2", duplicates="sum"), frozenset())
    assert [finding.check for finding in examined.findings if finding.verdict == "error"] == ["duplicates"]
