"""Reading back what earlier stages left in the folder of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift import io
from dermshift.names import CONFIGURED_IN_SETS_COLUMNS, DE_COLUMNS, RUNNING_COLUMNS, SET_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    import pandas as pd

    from dermshift.evidence_tables import Evidence
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


def read_places(out: Path, questions: list[str]) -> dict[str, pd.DataFrame]:
    """Return where the configured genes stand in the ranking and the gene sets of every question."""
    folder = out / "tables"
    return {q: io.read_table(folder / f"{q}.configured_sets.tsv", CONFIGURED_IN_SETS_COLUMNS) for q in questions}


def read_evidence(out: Path, questions: list[str]) -> Evidence:
    """Return whatever the evidence stage left behind; a question it did not judge is absent."""
    from dermshift.evidence_names import TABLES
    from dermshift.evidence_tables import KINDS, WHOLE, Evidence

    folder = out / "evidence"
    columns = dict(TABLES)
    judged = [name for name in questions if (folder / f"{name}.json").is_file()]
    parts: dict[str, Any] = {
        kind: {
            name: io.read_table(folder / f"{name}.{kind}.tsv", columns[f"evidence/QUESTION.{kind}.tsv"])
            for name in judged
        }
        for kind in KINDS
    }
    parts |= {
        name: io.read_table(folder / f"{name}.tsv", columns[f"evidence/{name}.tsv"])
        for name in WHOLE
        if (folder / f"{name}.tsv").is_file()
    }
    facts = {name: io.read_json(folder / f"{name}.json") for name in judged}
    return Evidence(**parts, facts=facts, dossiers=read_dossiers(out))


def read_dossiers(out: Path) -> dict[str, dict[str, Any]]:
    """Return the dossier of every configured gene by the name of its file."""
    index = out / "dossier" / "index.json"
    names: list[str] = io.read_json(index) if index.is_file() else []
    return {name: io.read_json(out / "dossier" / f"{name}.json") for name in names}
