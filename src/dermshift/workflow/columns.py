"""Columns of every table of a run, as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift import evidence_names, replication_names
from dermshift.engines import CONFIGURED_COLUMNS
from dermshift.io.identifiers import IDENTIFIER_COLUMNS
from dermshift.io.probe_sets import PROBE_COLUMNS
from dermshift.names import (
    CONFIGURED_IN_SETS_COLUMNS,
    DE_COLUMNS,
    RUNNING_COLUMNS,
    SET_COLUMNS,
    SET_OVERLAP_COLUMNS,
    SET_SYMBOL_COLUMNS,
)

if TYPE_CHECKING:
    from dermshift.names import Column

TABLES = (
    ("tables/QUESTION.tsv", DE_COLUMNS),
    ("tables/QUESTION.sets.tsv", SET_COLUMNS),
    ("tables/QUESTION.running.tsv", RUNNING_COLUMNS),
    ("tables/QUESTION.configured_sets.tsv", CONFIGURED_IN_SETS_COLUMNS),
    ("tables/configured_genes.tsv", CONFIGURED_COLUMNS),
    ("tables/set_symbols.tsv", SET_SYMBOL_COLUMNS),
    ("tables/set_overlaps.tsv", SET_OVERLAP_COLUMNS),
    ("identifiers.tsv", IDENTIFIER_COLUMNS),
    ("probes.tsv", PROBE_COLUMNS),
    *evidence_names.TABLES,
    ("data/anchors.tsv", evidence_names.ANCHOR_COLUMNS),
    *((f"BOARD/{name}.tsv", columns) for name, columns in replication_names.TABLES.items()),
)


def markdown() -> str:
    """Return one Markdown table per output table: column, type, unit, meaning."""
    return "\n\n".join(f"### {name}\n\n{_table(columns)}" for name, columns in TABLES)


def _table(columns: tuple[Column, ...]) -> str:
    lines = ["| column | type | unit | meaning |", "|---|---|---|---|"]
    lines += [f"| `{c.name}` | {c.kind} | {c.unit or '-'} | {c.meaning} |" for c in columns]
    return "\n".join(lines)
