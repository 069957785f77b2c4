"""What a replication board says in sentences: asked, found, and what it cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.evidence_tables import main_cards
from dermshift.report.words import decimal, interval, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    Tables = Mapping[str, pd.DataFrame]
    Facts = Mapping[str, Any]

ESTIMATED = "estimated"


def asked(tables: Tables, facts: Facts) -> list[str]:
    """Return what the board was asked: questions, genes, sets."""
    titles = ", ".join(question["title"] for question in facts["questions"])
    genes = ", ".join(dict.fromkeys(tables["genes"]["gene_symbol"])) if len(tables["genes"]) else "none"
    sets = ", ".join(map(plain, dict.fromkeys(tables["sets"]["set_name"]))) if len(tables["sets"]) else "none"
    return [f"Questions: {titles}.", f"Genes named in advance: {genes}.", f"Declared sets: {sets}."]


def found(tables: Tables, facts: Facts) -> list[str]:
    """Return one sentence per item in the main questions, chosen by design and never by what was found."""
    said = []
    for question in main_cards(facts["questions"]):
        signs = tables["signs"][tables["signs"]["question"] == question["id"]]
        for row in signs.to_dict("records"):
            start = f"{plain(row['item'])}, {question['title']}: {row['words']}"
            said.append(f"{start}{_decided(row)}{_pooled(tables['meta'], row)}.")
    return said or ["No study is marked as discovery: see the estimates below."]


def _decided(row: Mapping[Any, Any]) -> str:
    parts = []
    if pd.notna(row["n_same_excluding_0"]) and row["n_same_excluding_0"]:
        parts.append(f"interval excludes 0 on the same side in {row['n_same_excluding_0']}")
    if pd.notna(row["n_opposite_excluding_0"]) and row["n_opposite_excluding_0"]:
        parts.append(f"on the opposite side in {row['n_opposite_excluding_0']}")
    return f" ({', '.join(parts)})" if parts else ""


def _pooled(meta: pd.DataFrame, row: Mapping[Any, Any]) -> str:
    own = meta[(meta["question"] == row["question"]) & (meta["kind"] == row["kind"]) & (meta["item"] == row["item"])]
    known = own[own["k"] > 1].to_dict("records")
    texts = [f"{decimal(one['estimate'])} log2 [{interval(one['ci_lower'], one['ci_upper'])}]" for one in known]
    return f"; pooled replication {', '.join(texts)}" if texts else ""


def limits(tables: Tables, facts: Facts) -> list[str]:
    """Return what these studies cannot say."""
    said = ["A change many studies show is still a change between visits: nothing here tells what lies behind it."]
    replication = [study for study in facts["studies"] if study["role"] == "replication"]
    if len(replication) < 5:
        number = f"{len(replication)} replication stud{'y' if len(replication) == 1 else 'ies'}"
        said.append(f"{number}: how much true changes differ between studies is hardly known.")
    open_ = tables["verdicts"]["verdict"].astype(str).str.endswith("these data cannot tell")
    if len(open_) and open_.any():
        said.append(f"In {int(open_.sum())} of {len(open_)} comparisons the replication study cannot tell the sign.")
    genes = tables["genes"]
    absent = genes[(genes["stands"] == "yes") & (genes["status"] != ESTIMATED)] if len(genes) else genes
    for status, block in absent.groupby("status", sort=True):
        where = dict.fromkeys(f"{row['gene_symbol']} in {plain(row['study'])}" for row in block.to_dict("records"))
        said.append(f"{status}: {', '.join(where)}. That is not 'unchanged'.")
    return said
