"""The board of the shipped studies against what was planted in them, as files and as a page."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import chdir
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from dermshift.io import read_json, read_table
from dermshift.replication.verdicts import NO_SIGN, OPPOSITE, OPPOSITE_OPEN, SAME, SAME_OPEN
from dermshift.replication_names import TABLES
from dermshift.report.words import FORBIDDEN
from dermshift.simulate import read_truth

from .conftest import board_words, verb

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
ITEMS = {
    "LCN2": ("LCN2",),
    "CRABP2": ("CRABP2",),
    "CCL2": ("CCL2",),
    "APOPTOSIS_EXTRINSIC": ("TNFSF10", "FAS", "CASP8"),
}
"""Items and genes that stand for what was planted in each."""


def table(board: Path, name: str) -> pd.DataFrame:
    return read_table(board / f"{name}.tsv", TABLES[name])


def planted(root: Path, study: str) -> dict[str, float]:
    truth = read_truth(root / "data" / "studies" / study / "truth.tsv")
    mean = truth.groupby("gene_symbol")["log2_fold_change"].mean()
    return {item: float(mean[list(genes)].mean()) for item, genes in ITEMS.items()}


def mistakes(board: Path, discovery: dict[str, float], replication: dict[str, float], study: str) -> list[str]:
    """Return the items whose words contradict what was planted."""
    rows = table(board, "verdicts")
    rows = rows[(rows["question"] == "response") & (rows["replication"] == study)].set_index("item")
    found = []
    for item in ITEMS:
        same = discovery[item] * replication[item] > 0
        right = (SAME,) if same else (OPPOSITE,) if replication[item] else (SAME_OPEN, OPPOSITE_OPEN)
        if rows.loc[item, "verdict"] not in right:
            found.append(item)
    return found


def test_the_board_finds_what_is_shared_and_what_is_not(root: Path, example_board: Path) -> None:
    a, b, c = (planted(root, study) for study in ("skin_a", "skin_b", "skin_c"))
    assert mistakes(example_board, a, b, "skin_b") == []
    assert mistakes(example_board, a, c, "skin_c") == []
    assert mistakes(example_board, a, c, "skin_b") == ["LCN2", "CCL2"], "the truth of the other study is a wrong answer"
    assert mistakes(example_board, a, b, "skin_c") == ["LCN2", "CCL2"]


def test_a_gene_in_which_nothing_was_planted_has_no_sign_to_compare(example_board: Path) -> None:
    rows = table(example_board, "verdicts")
    own = rows[(rows["question"] == "response") & (rows["item"] == "BAX")]
    assert set(own["verdict"]) == {NO_SIGN}


def test_intervals_hold_what_was_planted(root: Path, example_board: Path) -> None:
    genes = table(example_board, "genes")
    own = genes[(genes["question"] == "response") & genes["gene_symbol"].isin(["CRABP2", "CCL2"])]
    for row in own.to_dict("records"):
        truth = planted(root, row["study"])[row["gene_symbol"]]
        assert row["ci_lower"] - 0.1 < truth < row["ci_upper"] + 0.1, row


def test_numbers_are_those_of_the_studies_own_evidence(example: Path, example_board: Path) -> None:
    from dermshift.evidence_names import REFIT_COLUMNS

    genes = table(example_board, "genes").set_index(["question", "study", "gene_symbol"])
    for study in ("skin_a", "skin_b", "skin_c"):
        rows = read_table(example / study / "evidence" / "response.refits.tsv", REFIT_COLUMNS)
        rows = rows[(rows["left_out"] == "") & (rows["method"] == "paired_t")].set_index("label")
        for column in ("estimate", "standard_error", "df", "ci_lower", "ci_upper", "p_value"):
            assert genes.loc[("response", study, "LCN2"), column] == rows.loc["LCN2", column]


def test_the_shared_genes_agree_along_the_discovery(example_board: Path) -> None:
    rows = table(example_board, "agreement").set_index(["question", "replication", "genes"])
    called = rows.loc[("response", "skin_b", "called in the discovery")]
    assert called["n_same_sign"] == called["n_genes"] > 10
    assert called["p_value"] == called["floor"]
    assert rows.loc[("response", "skin_b", "called in the discovery"), "rho"] > 0.8
    difference = rows.loc[("difference_sex_male_vs_female", "skin_b", "all shared tested genes")]
    assert difference["floor"] > called["floor"], "labels of two groups have fewer patterns than signs"


def test_the_page_is_whole_and_keeps_to_the_words(example_board: Path) -> None:
    page = (example_board / "board.html").read_text(encoding="utf-8")
    assert "Synthetic data" in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"(?!data:|#)", page), "nothing is fetched"
    text = re.sub(r"<style>.*?</style>|<[^>]+>|data:[^\"]+", " ", page, flags=re.DOTALL)
    for forbidden in (*FORBIDDEN, r"validated", r"(?<!\")\breplicated\b"):
        assert not re.search(forbidden, text, re.IGNORECASE), forbidden
    assert "cannot tell" in text
    HTMLParser().feed(page)
    for study in ("skin a", "skin b", "skin c"):
        assert study in text


def test_figures_have_their_claim_and_their_numbers(example_board: Path) -> None:
    drawn = read_json(example_board / "figures" / "index.json")
    assert {"forest_genes_response", "forest_sets_response", "agreement_response"} <= set(drawn)
    for name in drawn:
        claim = read_json(example_board / "figures" / f"{name}.json")
        assert claim["synthetic"]
        assert all(
            claim[key] for key in ("question", "shows", "does_not_show", "n", "caution", "method", "inputs", "alt")
        )
        assert "NaN" not in json.dumps(claim)
    frame = pd.read_csv(example_board / "figures" / "forest_genes_response.csv")
    lcn2 = frame[frame["item"] == "LCN2"]
    assert list(lcn2["role"]) == ["discovery", "replication", "replication", "pooled"]
    assert len(pd.read_csv(example_board / "figures" / "agreement_response.csv")) > 1000


def test_the_order_of_the_studies_changes_no_byte(root: Path, example: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("dermshift.cli.board.picture", lambda found, out: None)
    monkeypatch.setattr("dermshift.cli.board.page", lambda found, out: None)
    words = board_words(example, tmp_path / "one", "skin_a", "skin_b", "skin_c")
    other = [
        words[0],
        f"--out={tmp_path / 'two'}",
        words[4],
        words[3],
        words[2],
        words[7],
        words[6],
        words[5],
        words[8],
    ]
    with chdir(root):
        assert verb(words) == verb(other) == 0
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda words: words.replace("--study=discovery", "--study=discvery"), "nearest: 'discovery'"),
        (lambda words: words.replace("skin_c ", "skin_x "), "no finished study"),
        (lambda words: words.replace(" --label=skin_c", ""), "2 labels of 3 studies"),
        (lambda words: words.replace("--label=skin_c", "--label=skin_b"), "'skin_b' twice"),
        (lambda words: words.replace("skin_c ", "skin_b "), "every folder once"),
        (lambda words: words.replace("--study=discovery=", "--study=discovery"), "KEY=VALUE"),
    ],
)
def test_wrong_flags_are_refused_in_four_parts(root, example, tmp_path, capsys, spoil, said) -> None:
    words = " ".join(board_words(example, tmp_path / "board", "skin_a", "skin_b", "skin_c"))
    with chdir(root):
        assert verb(spoil(words).split(" ")) == 2
    told = capsys.readouterr().err
    assert said in told
    assert all(part in told for part in ("found:", "expected:", "do:"))
    assert not (tmp_path / "board").exists()


def test_the_same_study_under_two_names_is_refused(root, example, tmp_path, capsys) -> None:
    shutil.copytree(example / "skin_b", tmp_path / "skin_d")
    words = board_words(example, tmp_path / "board", "skin_a", "skin_b")
    with chdir(root):
        assert verb([*words, f"--study=replication={tmp_path / 'skin_d'}", "--label=skin_d"]) == 2
    assert "the same matrix" in capsys.readouterr().err


def test_changed_gene_sets_are_refused(root, example, tmp_path, capsys) -> None:
    shutil.copytree(example / "skin_b", tmp_path / "skin_b")
    record = read_json(tmp_path / "skin_b" / "enrichment.json")
    record["gene_sets"][0]["sha256"] = "0" * 64
    (tmp_path / "skin_b" / "enrichment.json").write_text(json.dumps(record))
    words = board_words(example, tmp_path / "board", "skin_a")
    with chdir(root):
        assert verb([*words, f"--study=replication={tmp_path / 'skin_b'}", "--label=skin_b"]) == 2
    assert "run the study again" in capsys.readouterr().err
