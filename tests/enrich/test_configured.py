from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dermshift.enrich import prerank
from dermshift.enrich.configured import where_configured_genes_stand
from dermshift.genes import GeneName, GeneRegistry, GeneSet
from dermshift.names import CONFIGURED_IN_SETS_COLUMNS, column_names

SETS = [
    GeneSet("DECLARED", "c", "", tuple(f"S{i}" for i in range(8))),
    GeneSet("TOP", "other", "", tuple(f"S{i}" for i in range(20, 32))),
    GeneSet("SMALL", "other", "", ("S20", "S21")),
    GeneSet("ALIASED", "other", "", ("NGAL", "S60", "S61", "S62", "S63", "S64")),
]
REGISTRY = GeneRegistry((GeneName("S20", "N20", (), ("NGAL",)),))


@pytest.fixture
def stand(table, make_asked):
    def find(sets=SETS, changes=None, **flags: str) -> pd.DataFrame:
        flag = table["gene_symbol"].map(flags).astype(object)
        changed = table.assign(**{"flag": flag} | (changes or {}))
        asked = make_asked(changed, sets, min_size=5, permutations=100)
        return where_configured_genes_stand(asked, prerank.METHOD.run(asked), REGISTRY)

    return find


def test_every_configured_gene_has_its_place_and_sets(stand, table):
    frame = stand(S20="mediator", S399="other")
    assert list(frame.columns) == column_names(CONFIGURED_IN_SETS_COLUMNS)
    assert frame["set_name"].tolist() == ["", "TOP", "SMALL", "ALIASED", ""]
    assert frame["gene_symbol"].tolist() == ["S20"] * 4 + ["S399"]
    ranked = table.sort_values("statistic", ascending=False)["gene_symbol"].tolist()
    assert frame["position"].tolist() == [ranked.index(name) for name in frame["gene_symbol"]]
    assert (frame["n_ranked"] == 400).all()


def test_a_gene_of_the_declared_family_has_no_row_without_a_set(stand):
    assert stand(S3="mediator")["set_name"].tolist() == ["DECLARED"]


def test_the_row_without_a_set_names_the_declared_collections(stand):
    assert stand(S20="mediator").loc[0, "collection"] == "c"
    assert stand(sets=[], S20="mediator")[["set_name", "collection"]].to_numpy().tolist() == [["", "c"]]


def test_the_leading_edge_is_that_of_prerank(stand, table, make_asked):
    frame = stand(**{f"S{i}": "r" for i in range(20, 32)}).query("set_name == 'TOP'")
    rows = prerank.METHOD.run(make_asked(table, SETS, min_size=5, permutations=100)).set_index("set_name")
    edge = set(rows.loc["TOP", "leading_edge"].split(";"))
    assert set(frame.loc[frame["in_leading_edge"] == "yes", "gene_symbol"]) == edge
    assert set(frame["in_leading_edge"]) == {"yes", "no"}


def test_a_set_that_was_not_tested_has_no_leading_edge(stand):
    frame = stand(S20="mediator").set_index("set_name")
    assert pd.isna(frame.loc["SMALL", "in_leading_edge"])
    assert pd.isna(frame.loc["", "in_leading_edge"])


def test_a_gene_that_was_not_tested_is_still_placed_in_its_sets(stand, table):
    low = table["status"].where(table["gene_symbol"] != "S20", "filtered_low_count")
    frame = stand(changes={"status": low}, S20="mediator")
    assert frame["set_name"].tolist() == ["", "TOP", "SMALL", "ALIASED"]
    assert frame["position"].isna().all()
    assert frame["in_leading_edge"].isna().all()
    assert (frame["n_ranked"] == 399).all()


def test_of_several_probe_sets_the_one_that_stands_for_the_gene_is_shown(stand, table):
    symbols = table["gene_symbol"].where(~table["gene_symbol"].isin(["S398", "S399"]), "S20")
    symbols.iloc[397] = "S20 /// S999"
    status = table["status"].copy()
    status.iloc[397:] = "set_aside"
    mean = np.where(np.arange(400) == 399, 900.0, 100.0)
    changes = {"gene_symbol": symbols, "status": status, "base_mean": mean}
    flag = pd.Series(np.where(symbols.str.contains("S20(?: |$)", regex=True), "mediator", None), dtype=object)
    frame = stand(changes=changes | {"flag": flag})
    assert set(frame["gene_id"]) == {"E0020"}
    assert frame["set_name"].tolist() == ["", "TOP", "SMALL", "ALIASED"]


def test_without_a_flag_there_are_no_rows(stand):
    assert stand().empty
