"""Effect and interval of every configured gene and declared set in every study, or the reason why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.evidence_names import SET
from dermshift.names import FILTERED, NOT_ESTIMABLE, OUTLIER, SET_ASIDE, TESTED
from dermshift.replication.symbols import rows_of
from dermshift.replication_names import ESTIMATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.replication.results import Results

ESTIMATED, NOT_ASKED, NOT_MEASURED = "estimated", "not asked", "not measured"
NOT_NAMED, NO_ANSWER = "not named in this study", "cannot be answered"
WORDS = {FILTERED: "below detection", OUTLIER: "one count is an outlier", NOT_ESTIMABLE: NO_ANSWER}
"""Status of a gene without an estimate, in words: none of them means 'unchanged'."""
NUMBERS = [column.name for column in ESTIMATE]


def gene_effects(studies: Sequence[Results], questions: Sequence[str], symbols: Sequence[str]) -> pd.DataFrame:
    """Return every row of every gene in every study and question; columns `replication_names.GENE_COLUMNS`.

    Numbers are those of the plain paired t on the patients' own changes: no other gene enters.
    """
    rows = [
        {"question": question, "gene_symbol": symbol} | _facts(study, question) | row
        for question in questions
        for symbol in symbols
        for study in studies
        for row in _gene_rows(study, question, symbol)
    ]
    return pd.DataFrame(rows)


def _facts(study: Results, question: str) -> dict[str, Any]:
    n_pairs = study.n_pairs(question)
    known = {"study": study.label, "role": study.role, "platform": study.platform}
    return known | {"n_pairs": pd.NA if n_pairs is None else n_pairs}


def _gene_rows(study: Results, question: str, symbol: str) -> list[dict[str, Any]]:
    ids = rows_of(study, symbol)
    if question not in study.tables or not ids:
        status = NOT_MEASURED if not ids else NOT_ASKED
        return [{"gene_id": "NA", "stands": "yes", "status": status} | _no_numbers()]
    status_of = study.tables[question].set_index("gene_id")["status"]
    return [
        {"gene_id": gene, "stands": "no" if place else "yes"} | _numbers(study, question, gene, str(status_of[gene]))
        for place, gene in enumerate(ids)
    ]


def _numbers(study: Results, question: str, gene: str, status: str) -> dict[str, Any]:
    if status not in (TESTED, SET_ASIDE):
        return {"status": WORDS.get(status, status)} | _no_numbers()
    found = _judged(study, question, gene)
    return found if found else {"status": NOT_NAMED} | _no_numbers()


def set_effects(studies: Sequence[Results], questions: Sequence[str], names: Sequence[str]) -> pd.DataFrame:
    """Return every declared set in every study and question; columns `replication_names.SET_COLUMNS`."""
    rows = [
        {"question": question, "set_name": name} | _facts(study, question) | _set_row(study, question, name)
        for question in questions
        for name in names
        for study in studies
    ]
    return pd.DataFrame(rows)


def _set_row(study: Results, question: str, name: str) -> dict[str, Any]:
    sizes = study.sizes.get(question)
    known = sizes is not None and name in sizes.index
    row = {column: int(sizes.loc[name, column]) if known else pd.NA for column in ("n_genes", "n_tested")}  # type: ignore[union-attr,arg-type]
    if question not in study.tables:
        return row | {"status": NOT_ASKED} | _no_numbers()
    return row | (_judged(study, question, name) or {"status": NOT_NAMED} | _no_numbers())


def _judged(study: Results, question: str, item: str) -> dict[str, Any]:
    """Return status and numbers of an item the evidence stage judged; {} where it did not."""
    rows = study.judged.get(question)
    own = rows[rows["item"] == item] if rows is not None else None
    if own is None or not len(own):
        return {}
    numbers = {name: float(own.iloc[0][name]) for name in NUMBERS}
    return {"status": ESTIMATED if pd.notna(numbers["ci_lower"]) else NO_ANSWER} | numbers


def _no_numbers() -> dict[str, float]:
    return dict.fromkeys(NUMBERS, float("nan"))


def declared_sets(studies: Sequence[Results]) -> list[str]:
    """Return the names of all sets declared in any study, sorted."""
    frames = [rows for study in studies for rows in study.judged.values()]
    return sorted({str(name) for rows in frames for name in rows.loc[rows["kind"] == SET, "item"]})


def items(genes: pd.DataFrame, sets: pd.DataFrame) -> pd.DataFrame:
    """Return genes (the rows that stand for them) and sets under common names, ``kind`` and ``item``."""
    parts = []
    if len(genes):
        parts.append(genes[genes["stands"] == "yes"].rename(columns={"gene_symbol": "item"}).assign(kind="gene"))
    if len(sets):
        parts.append(sets.rename(columns={"set_name": "item"}).assign(kind="set"))
    columns = ["question", "kind", "item", "study", "role", "platform", "status", "n_pairs", *NUMBERS]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat([part[columns] for part in parts], ignore_index=True)
