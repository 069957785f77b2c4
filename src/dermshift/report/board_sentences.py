"""What a replication board says in sentences: asked, found, and what it cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dermshift.evidence_tables import main_cards
from dermshift.report.words import decimal, interval, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

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
    """Return what the main questions show, chosen by design and never by what was found."""
    said = []
    for question in main_cards(facts["questions"]):
        signs = tables["signs"][tables["signs"]["question"] == question["id"]]
        open_: dict[str, list[str]] = {}
        for row in signs.to_dict("records"):
            own = estimate_of(tables, row, row["discovery"])
            reason = _open(own, row)
            if reason:
                open_.setdefault(reason, []).append(plain(row["item"]))
            else:
                start = f"{plain(row['item'])}, {question['title']}: {_number(own)} in {plain(row['discovery'])}"
                said.append(f"{start}; {_count(row)}{_pooled(tables['meta'], row)}.")
        said += [f"{question['title'].capitalize()}, {reason}: {', '.join(items)}." for reason, items in open_.items()]
    return said or ["No study is marked as discovery: see the estimates below."]


def estimate_of(tables: Tables, row: Mapping[Any, Any], study: str) -> dict[Any, Any]:
    """Return the row of an item in one study."""
    name, column = ("genes", "gene_symbol") if row["kind"] == "gene" else ("sets", "set_name")
    table = tables[name]
    own = table[(table["question"] == row["question"]) & (table[column] == row["item"]) & (table["study"] == study)]
    own = own[own["stands"] == "yes"] if row["kind"] == "gene" else own
    found: dict[Any, Any] = own.to_dict("records")[0]
    return found


def _open(own: Mapping[Any, Any], row: Mapping[Any, Any]) -> str:
    """Say why there is nothing to compare; "" where there is."""
    if own["status"] != ESTIMATED:
        return f"no estimate in {plain(row['discovery'])} ({own['status']})"
    if own["ci_lower"] <= 0 <= own["ci_upper"]:
        return f"the interval of {plain(row['discovery'])} includes 0, no sign to compare"
    return "" if row["n_replication"] else "no replication study has an estimate"


def _number(row: Mapping[Any, Any]) -> str:
    return f"{decimal(row['estimate'])} log2 [{interval(row['ci_lower'], row['ci_upper'])}]"


def _count(row: Mapping[Any, Any]) -> str:
    text = f"same sign in {row['n_same_sign']} of {row['n_replication']}"
    text += f" (interval excludes 0 in {row['n_same_excluding_0']})" if row["n_same_excluding_0"] else ""
    against = row["n_opposite_excluding_0"]
    return f"{text}, interval on the opposite side of 0 in {against}" if against else text


def _pooled(meta: pd.DataFrame, row: Mapping[Any, Any]) -> str:
    own = meta[(meta["question"] == row["question"]) & (meta["kind"] == row["kind"]) & (meta["item"] == row["item"])]
    texts = [_number(one) for one in own[own["k"] > 1].to_dict("records")]
    return f"; pooled replication {', '.join(texts)}" if texts else ""


def limits(tables: Tables, facts: Facts) -> list[str]:
    """Return what these studies cannot say."""
    said = ["A change many studies show is still a change between visits: nothing here tells what lies behind it."]
    replication = [study for study in facts["studies"] if study["role"] == "replication"]
    if len(replication) < 5:
        number = f"{len(replication)} replication stud{'y' if len(replication) == 1 else 'ies'}"
        said.append(
            f"{number}: how much true changes differ between studies is hardly known, and so few signs give no p."
        )
    open_ = tables["verdicts"]["verdict"].astype(str).str.endswith("these data cannot tell")
    if len(open_) and open_.any():
        said.append(f"In {int(open_.sum())} of {len(open_)} comparisons the replication study cannot tell the sign.")
    genes = tables["genes"]
    absent = genes[(genes["stands"] == "yes") & (genes["status"] != ESTIMATED)] if len(genes) else genes
    for status, block in absent.groupby("status", sort=True):
        where = dict.fromkeys(f"{row['gene_symbol']} in {plain(row['study'])}" for row in block.to_dict("records"))
        said.append(f"{status}: {', '.join(where)}. That is not 'unchanged'.")
    return said
