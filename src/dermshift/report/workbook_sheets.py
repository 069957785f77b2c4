"""What stands on each sheet of tables.xlsx."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.names import COMPARTMENT, DE_COLUMNS, SET_COLUMNS, TESTED, Column
from dermshift.report.words import percent, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dermshift.report.facts import Card
    from dermshift.tables import DETable, EnrichmentTable

MOST_GENE_ROWS = 120_000
"""Rows of genes in one workbook, some megabytes; questions beyond that are in tables/*.tsv only."""
LONGEST_SHEET_NAME = 31
QUESTION = Column("question", "text", "", "title of the question the row answers")
GENE_COLUMNS = (
    "gene_symbol", "gene_id", "log2_fold_change", "ci_lower", "ci_upper", "p_value", "fdr", "rank", "base_mean", "flag",
)  # fmt: skip
NAMED_COLUMNS = (*GENE_COLUMNS, "status")
SHOWN_SETS = (
    "set_name", "collection", "family", "method", "direction", "n_tested", "n_overlap", "mean_change", "statistic",
    "normalised_enrichment_score", "p_value", "floor", "fdr", "leading_edge", "status",
)  # fmt: skip
HEADLINE = (
    QUESTION,
    Column("patients", "integer", "patients", "patients with a complete pair"),
    Column("tested", "integer", "genes", "genes that passed the filter and were tested"),
    Column("up", "integer", "genes", "of them below the FDR limit, higher after (or in the first of a difference)"),
    Column("down", "integer", "genes", "of them below the FDR limit, lower"),
    Column("file", "text", "", "the table in full precision, with the genes that were not tested"),
    Column("sheet", "text", "", "sheet with its tested genes; empty: in the file only"),
)
ABOUT = (
    Column("sheet", "text", "", ""),
    Column("column", "text", "", ""),
    Column("unit", "text", "", ""),
    Column("meaning", "text", "", ""),
)
READING = """\
Positive = higher after than before; a difference 'a minus b' is the change in a minus the change in b. \
An empty cell means not computed, never zero. Six digits; the files in tables/ hold full precision."""


@dataclass(frozen=True)
class Tables:
    """What a workbook is made of; `headline` as `report.headline.headline` returns it."""

    study: str
    synthetic: bool
    headline: dict[str, Any]
    cards: list[Card]
    genes: Mapping[str, DETable]
    sets: Mapping[str, EnrichmentTable]
    configured: pd.DataFrame


@dataclass(frozen=True)
class Sheet:
    """One sheet: a title, a note, and a table below.

    Parameters
    ----------
    wide
        Width of columns that need more than their heading, in characters.
    frozen
        Columns that stay in sight.
    links
        Sheet the last cell of each row leads to, "" for none.
    """

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    wide: dict[str, int] = field(default_factory=dict)
    frozen: int = 1
    links: tuple[str, ...] = ()


def sheets(tables: Tables) -> Iterator[Sheet]:
    """Yield the sheets in order: columns, headline, named genes, gene sets, then the genes of the main questions."""
    shown = gene_sheets(tables)
    yield _about(tables)
    yield _headline(tables, shown)
    titles = {card["id"]: card["title"] for card in tables.cards}
    named = tables.configured.assign(question=tables.configured["question"].map(titles))
    columns = (QUESTION, *_picked(DE_COLUMNS, NAMED_COLUMNS))
    wide = {"question": 36, "gene_id": 18}
    yield Sheet("named genes", "Genes named in the configuration", "In every question.", columns, named, wide, 2)
    parts = [table.assign(question=titles[name]) for name, table in tables.sets.items()]
    columns = (QUESTION, *_picked(SET_COLUMNS, SHOWN_SETS))
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[c.name for c in columns])
    wide = {"question": 36, "set_name": 32, "leading_edge": 60}
    yield Sheet("sets", "Gene sets", "Every set by every method, in every question.", columns, found, wide, 2)
    for question, name in shown.items():
        tested = tables.genes[question][tables.genes[question]["status"] == TESTED].sort_values("rank")
        note = f"{whole(len(tested))} tested genes by p-value; tables/{question}.tsv has all genes."
        yield Sheet(name, titles[question], note, _picked(DE_COLUMNS, GENE_COLUMNS), tested, {"gene_id": 18})


def gene_sheets(tables: Tables) -> dict[str, str]:
    """Return the sheet name of every question whose genes the workbook holds: as many as there is room for.

    First come questions over all samples, then those within a compartment, each in the order of the configuration.
    """
    main = sorted(tables.cards, key=lambda card: bool(card["within"]) and card["within"][0] == COMPARTMENT)
    found: dict[str, str] = {}
    room = MOST_GENE_ROWS
    for card in main:
        room -= int((tables.genes[card["id"]]["status"] == TESTED).sum())
        if room < 0 and found:
            break
        place = tables.cards.index(card) + 1
        plain = re.sub(r"[^\w .,-]", "_", f"{place} {card['title']}", flags=re.ASCII)
        found[card["id"]] = plain[:LONGEST_SHEET_NAME].strip()
    return found


def _picked(columns: tuple[Column, ...], names: tuple[str, ...]) -> tuple[Column, ...]:
    known = {column.name: column for column in columns}
    return tuple(known[name] for name in names)


def _headline(tables: Tables, shown: dict[str, str]) -> Sheet:
    rows = [
        {**item, "question": item["title"], "file": f"tables/{item['id']}.tsv", "sheet": shown.get(item["id"], "")}
        for item in tables.headline["questions"]
    ]
    note = f"Genes up and down at a false discovery rate of {percent(tables.headline['alpha'])}."
    frame = pd.DataFrame(rows, columns=[column.name for column in HEADLINE])
    wide = {"question": 42, "file": 64, "sheet": 32}
    return Sheet("headline", _title(tables), note, HEADLINE, frame, wide, links=tuple(frame["sheet"]))


def _about(tables: Tables) -> Sheet:
    parts = (
        ("headline", HEADLINE),
        ("named genes", (QUESTION, *_picked(DE_COLUMNS, NAMED_COLUMNS))),
        ("sets", (QUESTION, *_picked(SET_COLUMNS, SHOWN_SETS))),
        ("one per question", _picked(DE_COLUMNS, GENE_COLUMNS)),
    )
    rows = [(name, column.name, column.unit, column.meaning) for name, columns in parts for column in columns]
    frame = pd.DataFrame(rows, columns=[column.name for column in ABOUT])
    wide = {"sheet": 18, "column": 28, "unit": 26, "meaning": 100}
    return Sheet("read me", _title(tables), READING, ABOUT, frame, wide, frozen=0)


def _title(tables: Tables) -> str:
    return f"{'Synthetic data. ' if tables.synthetic else ''}Study {tables.study}"
