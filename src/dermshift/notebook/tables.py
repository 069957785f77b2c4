"""Tables of frames and records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dermshift.design.model_words import model_words
from dermshift.notebook.shown import Table
from dermshift.report.grid import Cell, Grid
from dermshift.report.words import patients, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd


def rows(records: Iterable[Mapping[str, Any]], columns: Sequence[str], numeric: Sequence[str] = ()) -> Table:
    """Return some fields of records as a table."""
    cells = tuple(tuple(Cell(str(one[name])) for name in columns) for one in records)
    return Table(Grid(tuple(columns), cells, tuple(name in numeric for name in columns)))


def as_table(frame: pd.DataFrame, numeric: Sequence[str] = ()) -> Table:
    """Return a frame as a table."""
    names = [str(name) for name in frame.columns]
    records = (dict(zip(names, row, strict=True)) for row in frame.itertuples(index=False, name=None))
    return rows(records, names, numeric)


def findings(checks: Iterable[Mapping[str, Any]]) -> Table:
    """Return what was checked, with its verdict and evidence."""
    return rows(({**one, "check": plain(one["check"])} for one in checks), ("check", "verdict", "evidence"))


def models(cards: Iterable[Mapping[str, Any]]) -> Table:
    """Return every question with its patients and its model in plain words."""
    found = ({"question": card["title"], "who": patients(dict(card)), "model": model_words(card)} for card in cards)
    return rows(found, ("question", "who", "model"))
