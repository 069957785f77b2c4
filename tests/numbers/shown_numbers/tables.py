"""Everything the files of a study hold, record by record."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

NUMERIC = re.compile(r"-?\d+(\.\d+)?(e[-+]?\d+)?")
NAMES = ("gene_symbol", "label", "set_name", "sample", "library", "score", "panel", "collection")
ELSEWHERE = ("designs.json", "manifest.json", "ro-crate-metadata.json")
"""Not read as they are: the design cards have their own records, the others repeat what the tables hold."""


@dataclass
class Record:
    """A row of a table, or an object of a JSON file: its question, what it is about, its numbers, its texts."""

    question: str
    names: frozenset[str]
    numbers: dict[str, list[float]]
    texts: frozenset[str]


def record(question: str, values: dict[str, Any], name: str = "") -> Record:
    """Return the values of a row; `name` is what it is about where no column says so."""
    found: dict[str, list[float]] = {}
    texts: set[str] = set()
    if isinstance(values.get("position"), str) and values["position"] != "NA":
        values = values | {"place": float(values["position"]) + 1}  # pages count from one
    for key, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            try:
                found.setdefault(key, []).append(float(one))
            except (TypeError, ValueError):
                texts |= {plain(one)} if isinstance(one, str) else set()
    names = {plain(values[key]) for key in NAMES if isinstance(values.get(key), str)} | {name}
    return Record(question, frozenset(names - {"", "NA"}), found, frozenset(texts))


def plain(text: str) -> str:
    """Return a text as pages write it: single blanks, no underscores."""
    return " ".join(text.replace("_", " ").split())


def read_rows(path: Path, delimiter: str = "\t") -> list[dict[str, str]]:
    """Return the rows of a table as they stand in the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def summed(rows: list[dict[str, str]]) -> dict[str, list[float]]:
    """Return what a sentence may say of a whole table: how many rows there are, and how many bear each value."""
    said: dict[str, list[float]] = {"rows": [len(rows)]}
    for column in rows[0] if rows else ():
        values = [row[column] for row in rows if row[column] not in ("", "NA")]
        known = [float(value) for value in values if NUMERIC.fullmatch(value)]
        said[column] = [len(values), len(set(values)), *Counter(values).values()]
        said[column] += [min(known), max(known), sum(value > 0 for value in known)] if known else []
        if column == "total":
            said["millions"] = [value / 1e6 for value in known]
    if rows and {"score", "before", "after"} <= rows[0].keys():
        for score in {row["score"] for row in rows}:
            changes = [float(row["after"]) - float(row["before"]) for row in rows if row["score"] == score]
            said.setdefault("estimate", []).append(sum(changes) / len(changes))
            said[score] = [sum(change > 0 for change in changes)]
    return said


class Tables:
    """All records of a study, and of each figure what its own numbers add up to."""

    def __init__(self, out: Path) -> None:
        cards = json.loads((out / "designs.json").read_text(encoding="utf-8"))
        self.cards = {card["id"]: card for card in cards}
        self.records: list[Record] = []
        for path in sorted((*out.glob("tables/*.tsv"), *out.glob("evidence/*.tsv"), *out.glob("*.tsv"))):
            stem = path.name.partition(".")[0]
            for row in read_rows(path):
                if not row.get("left_out"):
                    self.records.append(record(row.get("question", stem if stem in self.cards else ""), row))
        self.rows = list(self.records)
        for path in sorted((*out.glob("*.json"), *out.glob("*/*.json"))):
            if path.parent.name != "figures" and path.name not in ELSEWHERE:
                self.read(json.loads(path.read_text(encoding="utf-8")), "", "")
        self.records += [record(name, self.of_question(out, card)) for name, card in self.cards.items()]
        members = [library for card in cards for library in card["libraries"]]
        samples = {sample for library in members for sample in library["members"]}
        patients = {library["patient"] for library in members}
        self.records.append(record("", {"samples": len(samples), "patients": len(patients)}))
        self.figures = {
            path.stem: record(path.stem, summed(read_rows(path, ","))) for path in sorted(out.glob("figures/*.csv"))
        }
        self.claims = {
            path.stem: " ".join(value for value in json.loads(path.read_text()).values() if isinstance(value, str))
            for path in sorted(out.glob("figures/*.json"))
            if path.stem != "index"
        }
        self.drawn = {
            path.stem: [record("", row) for row in read_rows(path, ",")] for path in sorted(out.glob("figures/*.csv"))
        }

    def read(self, value: Any, question: str, name: str) -> None:
        """Keep an object of a JSON file and all objects in it; each is about the question it stands in."""
        if isinstance(value, list):
            for one in value:
                self.read(one, question, name)
        elif isinstance(value, dict):
            asked = next((value[key] for key in ("question", "id") if value.get(key) in self.cards), question)
            about = plain(str(value.get("fit_id") or value.get("gene_symbol") or name))
            self.records.append(record(asked, value, about))
            for one in value.values():
                self.read(one, asked, about)

    @staticmethod
    def of_question(out: Path, card: dict[str, Any]) -> dict[str, list[float]]:
        """Return sizes of a design, and how many genes are tested and pass on either side."""
        tested = [row for row in read_rows(out / "tables" / f"{card['id']}.tsv") if row["status"] == "tested"]
        signs = [float(row["log2_fold_change"]) > 0 for row in tested if float(row["fdr"]) < 0.05]
        up = sum(signs)
        sizes = [len(card[key]) for key in ("libraries", "coefficients", "pairs")]
        sizes += {len(library["members"]) for library in card["libraries"]}
        weights = [float(row["weight"]) for row in read_rows(out / "evidence" / f"{card['id']}.weights.tsv")]
        ways = read_rows(out / "evidence" / f"{card['id']}.specifications.tsv")
        known = [row for row in ways if NUMERIC.fullmatch(row["estimate"]) and NUMERIC.fullmatch(row["p_value"])]
        low = [row for row in known if float(row["p_value"]) < 0.05]
        return {
            "ways": [
                len(known),
                len(low),
                *(sum(float(row["estimate"]) * sign > 0 for row in known) for sign in (1, -1)),
            ],
            "contrast": card["contrast"],
            "residual_df": [card["residual_df"]],
            "n_pairs": [card["n_pairs"]],
            "weights": [min(weights), max(weights)] if weights else [],
            "n_tested": [len(tested)],
            "passing": [up, len(signs) - up, len(signs)],
            "sizes": [*sizes, *card["n_by_level"].values()],
        }
