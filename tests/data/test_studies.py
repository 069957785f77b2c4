"""The three studies of the replication board are those the simulator makes, and their table is valid."""

from __future__ import annotations

from contextlib import chdir
from functools import partial
from typing import TYPE_CHECKING

import pytest

from dermshift.config import read_config
from dermshift.config.studies import read_studies
from dermshift.simulate import Settings, read_truth, render, simulate

if TYPE_CHECKING:
    from pathlib import Path

COMMON = partial(Settings, gene_seed=60, genes=2000, compartments=("sebaceous_gland",))
MADE = {
    "skin_a": partial(COMMON, seed=61),
    "skin_b": partial(COMMON, seed=62, females=5, males=5),
    "skin_c": partial(COMMON, seed=63, females=4, males=4, absent=("lcn2",), reversed=("early_response",)),
}


@pytest.mark.parametrize("name", MADE)
def test_remaking_a_study_gives_the_same_bytes(root: Path, name: str) -> None:
    made = render(simulate(MADE[name](data=root / "data")))
    folder = root / "data" / "studies" / name
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == made
    assert max(map(len, made.values())) < 300_000


def test_two_studies_share_their_truth_and_the_third_in_part(root: Path) -> None:
    a, b, c = (read_truth(root / "data" / "studies" / name / "truth.tsv") for name in MADE)
    assert a.equals(b)
    wide = a.merge(c, on=["gene_symbol", "sex"], suffixes=("", "_c"))
    other = wide[wide["log2_fold_change"] != wide["log2_fold_change_c"]]
    assert set(other["panel"]) == {"early_response"}
    assert set(c.loc[c["gene_symbol"] == "LCN2", "log2_fold_change"]) == {0.0}


def test_the_table_of_studies_is_valid_and_its_configurations_ask_and_name_the_same(root: Path) -> None:
    with chdir(root):
        lines = read_studies("config/studies.tsv")
        configs = [read_config(line.config) for line in lines]
    assert [line.role for line in lines] == ["discovery", "replication", "replication"]
    assert (
        len({(config.asks, tuple(config.genes.items()), config.declared, config.gene_sets) for config in configs}) == 1
    )
    assert all(config.study.synthetic for config in configs)
