"""The board over small studies whose truth is known."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from dermshift.errors import DermshiftError
from dermshift.genes import GeneName, GeneRegistry
from dermshift.io import read_table, write_table
from dermshift.paired.changes import Changes
from dermshift.replication import board
from dermshift.replication.agreement import along, estimate, means
from dermshift.replication.symbols import approved_symbols
from dermshift.replication.verdicts import OPPOSITE, SAME
from dermshift.replication_names import TABLES

from .conftest import GENES, SETS, SHARED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dermshift.replication import Board, Results


@pytest.fixture(scope="module")
def found(three: list[Results]) -> Board:
    return board(three, SETS)


def of(table: pd.DataFrame, **where: str) -> pd.DataFrame:
    for column, value in where.items():
        table = table[table[column] == value]
    return table


def test_what_is_shared_and_what_is_not_is_found(found: Board) -> None:
    verdicts = found.tables["verdicts"].set_index(["item", "replication"])["verdict"]
    assert verdicts["LCN2", "B"] == verdicts["CRABP2", "B"] == verdicts["SET_A", "B"] == verdicts["SET_A", "C"] == SAME
    assert verdicts["CRABP2", "C"] == OPPOSITE
    assert verdicts["LCN2", "C"] not in (SAME, OPPOSITE)
    signs = found.tables["signs"].set_index("item")
    assert signs.loc["SET_A", "n_same_sign"] == 2
    assert signs.loc["CRABP2", "n_opposite_excluding_0"] == 1


def test_every_table_has_its_columns_and_comes_back_from_disk(found: Board, tmp_path: Path) -> None:
    assert set(found.tables) == set(TABLES)
    for name, columns in TABLES.items():
        write_table(found.tables[name], tmp_path / f"{name}.tsv", columns)
        assert len(read_table(tmp_path / f"{name}.tsv", columns)) == len(found.tables[name])


def test_the_order_of_the_studies_changes_nothing(three: list[Results], found: Board) -> None:
    for order in permutations(three):
        again = board(order, SETS)
        for name, table in found.tables.items():
            pd.testing.assert_frame_equal(again.tables[name], table)
        assert again.facts == found.facts


def turned(make: Callable[..., Results], sign: int) -> list[Results]:
    unlike = SHARED | {"LCN2": 0.0, "CRABP2": -1.0}
    rows = (("A", "discovery", 12, SHARED, 1), ("B", "replication", 10, SHARED, 2), ("C", "replication", 8, unlike, 3))
    return [make(*row, sign=sign) for row in rows]


def test_swapping_the_visits_turns_every_sign_and_no_verdict(make: Callable[..., Results], found: Board) -> None:
    swapped = board(turned(make, -1), SETS)
    for name in ("genes", "sets", "meta", "left_out_study"):
        was, now = found.tables[name], swapped.tables[name]
        np.testing.assert_allclose(now["estimate"], -was["estimate"], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(now["ci_lower"], -was["ci_upper"], rtol=1e-9, atol=1e-9)
    for name in ("verdicts", "signs"):
        columns = [c for c in found.tables[name] if c not in ("estimate", "discovery_estimate", "ci_lower", "ci_upper")]
        pd.testing.assert_frame_equal(swapped.tables[name][columns], found.tables[name][columns])
    agree = ["n_same_sign", "rho", "along", "p_value"]
    pd.testing.assert_frame_equal(swapped.tables["agreement"][agree], found.tables["agreement"][agree])


def test_the_groups_agree_where_the_truth_is_shared(found: Board) -> None:
    table = found.tables["agreement"].set_index(["replication", "genes"])
    shared = table.loc[("B", "SET_A")]
    assert (shared["n_same_sign"], shared["n_genes"]) == (10, 10)
    assert shared["along"] == pytest.approx(0.8, abs=0.15)
    assert shared["p_value"] == shared["floor"] == 2**-9
    null = table.loc[("B", "SET_B")]
    assert null["ci_lower"] < 0 < null["ci_upper"]
    assert table.loc[("B", "called in the discovery"), "n_genes"] == 12
    assert table.loc[("B", "all shared tested genes"), "n_genes"] == len(GENES)


def test_the_p_of_many_genes_holds_where_genes_go_together(make: Callable[..., Results]) -> None:
    """Genes share one factor and nothing changes: p over patients keeps its level, a p over genes is a wrong answer."""
    x = means(make("A", "discovery", 12, SHARED, 1), "response")[list(SETS["SET_A"])]
    rng = np.random.default_rng(7)
    by_patients, by_genes = [], []
    for _ in range(200):
        common = rng.normal(0, 1, (8, 1)) + rng.normal(0, 0.3, (8, len(x)))
        own = Changes(pd.DataFrame(common, index=pd.Index(list("abcdefgh"), name="patient"), columns=list(x.index)))
        by_patients.append(along(x, own, 0)["p_value"])
        same = int((np.sign(estimate(own)) == np.sign(x)).sum())
        by_genes.append(binomtest(same, len(x)).pvalue)
    assert np.mean(np.array(by_patients) <= 0.05) <= 0.09
    assert np.mean(np.array(by_genes) <= 0.05) > 0.5


def test_estimates_are_the_plain_paired_t(three: list[Results], found: Board) -> None:
    genes = of(found.tables["genes"], study="B", gene_symbol="LCN2").iloc[0]
    own = three[1].changes["response"].values["LCN2"]
    assert genes["estimate"] == pytest.approx(own.mean())
    assert genes["standard_error"] == pytest.approx(own.std(ddof=1) / np.sqrt(len(own)))


def test_a_question_that_is_not_asked_is_no_missing_effect(make: Callable[..., Results], three: list[Results]) -> None:
    other = make("D", "replication", 6, SHARED, 4)
    other = replace(other, cards=[other.cards[0] | {"id": "response_x"}], **_renamed(other))
    tables = board([*three, other], SETS).tables
    assert set(of(tables["genes"], study="D", question="response")["status"]) == {"not asked"}
    assert set(of(tables["genes"], study="A", question="response_x")["status"]) == {"not asked"}
    assert not of(tables["meta"], question="response")["studies"].str.contains("D").any()


def _renamed(study: Results) -> dict[str, dict[str, object]]:
    named = ("tables", "judged", "sizes", "changes")
    return {name: {"response_x": getattr(study, name)["response"]} for name in named}


def test_arrays_are_compared_by_sign_and_not_pooled_with_counts(
    make: Callable[..., Results], three: list[Results]
) -> None:
    rows = [("p1_at", "LCN2"), ("p2_at", "LCN2"), ("p3_at", "LCN2 /// BAX"), *((f"{g}_at", g) for g in GENES[1:])]
    array = make("D", "replication", 6, SHARED, 5, scale="log2", rows=rows, aside=("p1_at",))
    tables = board([*three, array], SETS).tables
    own = of(tables["genes"], study="D", gene_symbol="LCN2").set_index("gene_id")
    assert dict(own["stands"]) == {"p2_at": "yes", "p1_at": "no"}, "of several genes: no row of LCN2"
    assert set(of(tables["platforms"], study="D")["platform"]) == {"microarray"}
    lcn2 = of(tables["meta"], item="LCN2").set_index("platform")
    assert lcn2.loc["sequencing counts", "studies"] == "B;C"
    assert lcn2.loc["microarray", "note"] == "one study: not pooled"
    assert of(tables["signs"], item="LCN2")["n_replication"].item() == 3
    assert of(tables["verdicts"], replication="D", item="LCN2")["size"].isna().all()


def test_a_gene_that_is_not_on_the_platform_is_not_measured(make: Callable[..., Results], three: list[Results]) -> None:
    small = make("D", "replication", 6, SHARED, 6, rows=[(gene, gene) for gene in GENES if gene != "LCN2"])
    tables = board([*three, small], SETS).tables
    row = of(tables["genes"], study="D", gene_symbol="LCN2").iloc[0]
    assert (row["status"], row["gene_id"]) == ("not measured", "NA")
    assert of(tables["verdicts"], replication="D", item="LCN2")["verdict"].item() == "replication: not measured"


def test_names_are_read_through_the_registry_and_shared_aliases_match_nothing() -> None:
    registry = GeneRegistry(
        (
            GeneName("PLAAT4", "ENSG1", ("RARRES3",), ()),
            GeneName("AAA", "ENSG2", (), ("SHARED",)),
            GeneName("BBB", "ENSG3", (), ("SHARED",)),
        )
    )
    genes = pd.DataFrame(
        {"gene_symbol": ["RARRES3", "SHARED", "", "X /// Y", "SYN1"]}, index=["r1", "r2", "ENSG2", "r4", "r5"]
    )
    found = approved_symbols(genes, registry)
    assert list(found["symbol"]) == ["PLAAT4", "", "AAA", "", "SYN1"]
    assert list(found["reading"]) == ["previous", "ambiguous", "approved", "several genes", "unknown"]


def test_the_same_patients_twice_are_refused(make: Callable[..., Results], three: list[Results]) -> None:
    again = make("D", "replication", 10, SHARED, 2)
    with pytest.raises(DermshiftError, match="pairs of samples with the same values"):
        board([*three, again], SETS)
    one_file = make("E", "replication", 9, SHARED, 9, sha="B")
    with pytest.raises(DermshiftError, match="the same matrix"):
        board([*three, one_file], SETS)


def test_samples_that_are_nearly_the_same_are_told(make: Callable[..., Results], three: list[Results]) -> None:
    near = make("D", "replication", 10, SHARED, 2)
    noise = np.random.default_rng(0).normal(0, 0.06, near.expression.shape)
    found = board([*three, replace(near, expression=near.expression + noise)], SETS)
    assert any("as alike as two preparations" in warning for warning in found.facts["warnings"])


def test_one_study_is_no_board_and_roles_that_are_missing_are_told(three: list[Results]) -> None:
    with pytest.raises(DermshiftError, match="two or more studies"):
        board(three[:1], SETS)
    alone = board(three[1:], SETS)
    assert any("No study is marked as discovery" in warning for warning in alone.facts["warnings"])
    assert len(alone.tables["meta"])
    assert not len(alone.tables["verdicts"])
    nothing = board([three[0], replace(three[1], role="discovery")], SETS)
    assert any("No study is marked as replication" in warning for warning in nothing.facts["warnings"])
    assert not len(nothing.tables["meta"])
