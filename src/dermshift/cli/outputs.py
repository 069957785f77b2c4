"""Reading back what earlier stages left in the folder of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift import io
from dermshift.names import DE_COLUMNS, RUNNING_COLUMNS, SET_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    import pandas as pd

    from dermshift.tables import DETable


def cards(out: Path) -> list[dict[str, Any]]:
    """Return the design cards of the study."""
    found: list[dict[str, Any]] = io.read_json(out / "designs.json")
    return found


def question_ids(out: Path) -> list[str]:
    """Return the ids of the study's questions, in the order of the config."""
    return [card["id"] for card in cards(out)]


def fit_records(out: Path) -> list[dict[str, Any]]:
    """Return the record of every fit, in the order of the questions they serve."""
    fits = dict.fromkeys(card["fit_id"] for card in cards(out))
    return [io.read_json(out / "fits" / f"{fit}.json") for fit in fits]


def read_tables(out: Path, questions: list[str]) -> dict[str, DETable]:
    """Return the table of every question."""
    return {question: io.read_table(out / "tables" / f"{question}.tsv", DE_COLUMNS) for question in questions}


def read_sets(out: Path, questions: list[str]) -> dict[str, pd.DataFrame]:
    """Return the enrichment table of every question."""
    return {name: io.read_table(out / "tables" / f"{name}.sets.tsv", SET_COLUMNS) for name in questions}


def read_running(out: Path, questions: list[str]) -> dict[str, pd.DataFrame]:
    """Return the running scores of every question."""
    return {name: io.read_table(out / "tables" / f"{name}.running.tsv", RUNNING_COLUMNS) for name in questions}
