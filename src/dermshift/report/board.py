"""board.html: several studies on one page, nothing fetched, no script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift import __version__
from dermshift.design.words import CAUTIONS, wording
from dermshift.report.board_sentences import asked, found, limits
from dermshift.report.grid import Cell, Grid, grid
from dermshift.report.templates import render, style
from dermshift.report.words import decimal, interval, plain, portable, probability, text, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dermshift.report.pictures import Picture


@dataclass(frozen=True)
class BoardFacts:
    """What the page of a board may say: its tables, its facts and its figures."""

    tables: Mapping[str, pd.DataFrame]
    facts: Mapping[str, Any]
    pictures: tuple[Picture, ...]


def board_page(board: BoardFacts) -> str:
    """Return the page as HTML; every text is escaped, and the content security policy runs and fetches nothing."""
    return render("board.html", context(board))


def context(board: BoardFacts) -> dict[str, Any]:
    """Return what the template shows."""
    studies = board.facts["studies"]
    roles = {role: sum(study["role"] == role for study in studies) for role in ("discovery", "replication")}
    cautions = " ".join(CAUTIONS[kind] for kind in dict.fromkeys(study["comparison"] for study in studies))
    return {
        "facts": board.facts,
        "version": __version__,
        "style": style(),
        "title": f"Replication board: {len(studies)} studies",
        "lead": f"{roles['discovery']} discovery, {roles['replication']} replication. {cautions}",
        "asked": asked(board.tables, board.facts),
        "found": found(board.tables, board.facts),
        "limits": limits(board.tables, board.facts),
        "studies": _studies(studies),
        "questions": [question(board, one) for one in board.facts["questions"]],
        "platforms": grid(board.tables["platforms"], PLATFORMS),
        "sources": _sources(studies),
    }


def _studies(studies: list[dict[str, Any]]) -> Grid:
    header = ("study", "role", "name", "measured by", "visits", "patients", "samples", "rows")
    rows = tuple(
        (
            Cell(plain(one["label"])), Cell(one["role"]), Cell(plain(one["name"])), Cell(one["platform"]),
            Cell(f"{plain(one['after'])} vs {plain(one['before'])}"), Cell(whole(one["n_patients"])),
            Cell(whole(one["n_samples"])), Cell(whole(one["n_rows"])),
        )
        for one in studies
    )  # fmt: skip
    return Grid(header, rows, (False,) * 5 + (True,) * 3)


def _sources(studies: list[dict[str, Any]]) -> Grid:
    rows = tuple(
        tuple(map(Cell, (plain(one["label"]), portable(file["path"]), file["role"], file["sha256"])))
        for one in studies
        for file in one["sources"]
    )
    return Grid(("study", "file", "role", "sha256"), rows, (False,) * 4)


def question(board: BoardFacts, one: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables and figures of one question."""
    own = {name: of_question(table, one["id"]) for name, table in board.tables.items()}
    numbers = ", ".join(f"{n} patients in {plain(study)}" for study, n in one["n_pairs"].items())
    missing = f"; not asked in {', '.join(map(plain, one['not_asked']))}" if one["not_asked"] else ""
    words = wording(one)
    return {
        "id": one["id"],
        "title": one["title"],
        "asked": words.question,
        "positive": words.positive,
        "who": f"{numbers}{missing}",
        "figures": [picture for picture in board.pictures if _belongs(picture.id, one["id"])],
        "signs": grid(own["signs"], SIGNS),
        "meta": grid(with_intervals(own["meta"]), META),
        "left_out": grid(with_intervals(own["left_out_study"]), LEFT_OUT),
        "agreement": grid(with_intervals(own["agreement"]), AGREEMENT),
        "genes": grid(with_intervals(own["genes"]), GENES),
        "sets": grid(with_intervals(own["sets"]), SETS),
    }


def of_question(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows of a question; of a table without questions none."""
    return table[table["question"] == name] if "question" in table else table.head(0)


def _belongs(figure: str, name: str) -> bool:
    """Tell whether a figure is one of a question: its id ends in that of the question, and perhaps a number."""
    starts = ("forest_genes_", "forest_sets_", "agreement_")
    rest = next((figure.removeprefix(start) for start in starts if figure.startswith(start)), "")
    return rest == name or (rest.startswith(f"{name}_") and rest.removeprefix(f"{name}_").replace("_", "").isdigit())


def with_intervals(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its interval, and its prediction interval where it has one, in words."""
    shown = {"interval": ("ci_lower", "ci_upper"), "prediction": ("pi_lower", "pi_upper")}
    for name, (lower, upper) in shown.items():
        if lower in table:
            table = table.assign(**{name: [interval(*ends) for ends in zip(table[lower], table[upper], strict=True)]})
    return table


def _percent(value: Any) -> str:
    return "NA" if pd.isna(value) else f"{100 * float(value):.0f} %"


Form = tuple[str, str, "Callable[[Any], str]"]
ITEM: tuple[Form, ...] = (("item", "item", plain), ("kind", "kind", text))
SIGNS: tuple[Form, ...] = (
    *ITEM,
    ("discovery", "discovery", plain),
    ("studies", "n_replication", whole),
    ("same sign", "n_same_sign", whole),
    ("same, excludes 0", "n_same_excluding_0", whole),
    ("opposite, excludes 0", "n_opposite_excluding_0", whole),
    ("p", "p_value", probability),
    ("in words", "words", text),
)
META: tuple[Form, ...] = (
    *ITEM,
    ("studies", "studies", text),
    ("pooled", "estimate", decimal),
    ("95 % CI", "interval", text),
    ("prediction", "prediction", text),
    ("tau2", "tau2", probability),
    ("I2", "i2", _percent),
    ("Q", "q", decimal),
    ("p of Q", "q_p", probability),
    ("note", "note", text),
)
LEFT_OUT: tuple[Form, ...] = (
    *ITEM,
    ("left out", "left_out", plain),
    ("estimate", "estimate", decimal),
    ("95 % CI", "interval", text),
    ("same sign as all", "same_sign", text),
    ("note", "note", text),
)
AGREEMENT: tuple[Form, ...] = (
    ("replication", "replication", plain),
    ("genes", "genes", plain),
    ("n", "n_genes", whole),
    ("same sign", "n_same_sign", whole),
    ("share", "share_same_sign", _percent),
    ("rho", "rho", decimal),
    ("along the discovery", "along", decimal),
    ("95 % CI", "interval", text),
    ("p", "p_value", probability),
    ("smallest p possible", "floor", probability),
    ("note", "note", text),
)
NUMBERS: tuple[Form, ...] = (
    ("patients", "n_pairs", whole),
    ("log2 change", "estimate", decimal),
    ("95 % CI", "interval", text),
    ("p", "p_value", probability),
    ("status", "status", text),
)
GENES: tuple[Form, ...] = (
    ("gene", "gene_symbol", text),
    ("study", "study", plain),
    ("role", "role", text),
    ("row", "gene_id", text),
    ("stands for the gene", "stands", text),
    *NUMBERS,
)
SETS: tuple[Form, ...] = (
    ("set", "set_name", plain),
    ("study", "study", plain),
    ("role", "role", text),
    ("genes tested", "n_tested", whole),
    ("of", "n_genes", whole),
    *NUMBERS,
)
PLATFORMS: tuple[Form, ...] = (
    ("study", "study", plain),
    ("role", "role", text),
    ("measured by", "platform", text),
    ("gene", "gene_symbol", text),
    ("row", "gene_id", text),
    ("name read as", "reading", text),
    ("stands for the gene", "stands", text),
    ("note", "note", text),
)
