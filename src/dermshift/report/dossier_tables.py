"""The tables of a dossier page, from ``dossier/GENE.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.names import TESTED
from dermshift.report.grid import Cell, Form, Grid, grid
from dermshift.report.words import decimal, interval, plain, probability, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterable

Dossier = dict[str, Any]
Row = dict[str, Any]

P_VALUES: tuple[Form, ...] = (
    ("question", "title", text),
    ("patients", "n_pairs", whole),
    ("own changes", "estimate", decimal),
    ("95 % CI", "interval", text),
    ("1. p, plain paired t", "p_value", probability),
    ("2. p, sign patterns", "flip_p", probability),
    ("floor", "floor", probability),
    ("3. p, model", "engine_p_value", probability),
    ("model", "engine_estimate", decimal),
    ("95 % CI", "engine_interval", text),
    ("FDR", "fdr", probability),
    ("rank", "place", text),
    ("shrunken", "shrunken", decimal),
)
STATUS: Form = ("status", "status", plain)
"""Shown where the gene was not tested in every question."""
LEFT_OUT: tuple[Form, ...] = (
    ("question", "title", text),
    ("by", "by", text),
    ("with everyone", "estimate", decimal),
    ("smallest", "estimate_min", decimal),
    ("largest", "estimate_max", decimal),
    ("fits", "n_refits", whole),
    ("same sign", "same_sign", whole),
    ("p < 0.05", "significant", whole),
    ("moves most without", "most_influential", text),
    ("verdict", "badge", text),
)
ADJUSTED: tuple[Form, ...] = (
    ("question", "title", text),
    ("score", "score", plain),
    ("unadjusted", "estimate", decimal),
    ("95 % CI", "interval", text),
    ("p", "p_value", probability),
    ("adjusted", "estimate_adjusted", decimal),
    ("95 % CI", "interval_adjusted", text),
    ("p", "p_value_adjusted", probability),
    ("variance times", "variance_factor", decimal),
    ("r with score", "correlation", decimal),
    ("remark", "remark", text),
)
SOURCES: tuple[Form, ...] = (
    ("panel", "panel", plain),
    ("question", "title", text),
    ("mean change", "estimate", decimal),
    ("95 % CI", "interval", text),
    ("p", "p_value", probability),
)
ANCHORS: tuple[Form, ...] = (
    ("studied", "system", text),
    ("statement", "statement", text),
    ("direction", "direction", text),
    ("size", "magnitude", text),
    ("published in", "source", text),
)
BY = {"paired_t": "own changes", "engine": "model"}


def table(rows: Iterable[Row], form: tuple[Form, ...]) -> Grid:
    """Return rows as text, NA for whatever a row lacks."""
    names = [column for _, column, _ in form]
    frame = pd.DataFrame([{name: row.get(name) for name in names} for row in rows], columns=names)
    return grid(frame.astype(object), form)


def ends(row: Row, kind: str = "") -> str:
    """Return the interval of a row as text."""
    return interval(row.get(f"ci_lower{kind}"), row.get(f"ci_upper{kind}"))


def answered(row: Row, needed: str = "ci_lower") -> Row:
    """Return a row without its estimates where there is no test: a question without an answer gets no number."""
    if row.get(needed) is not None:
        return row
    return row | dict.fromkeys(("estimate", "estimate_min", "estimate_max"))


def p_values(dossier: Dossier) -> Grid:
    """Return one row per question, its p-values in the order to be read."""
    rows = []
    for one in dossier["questions"]:
        own, flip, engine = one["p_values"]
        rows.append(
            answered(own)
            | {key: one[key] for key in ("title", "n_pairs", "status")}
            | {"fdr": engine.get("fdr"), "place": place(engine)}
            | {"interval": ends(own), "flip_p": flip["p_value"], "floor": flip["floor"]}
            | {"engine_p_value": engine["p_value"], "engine_estimate": engine.get("estimate")}
            | {"engine_interval": ends(engine), "shrunken": one["log2_fold_change_shrunken"]}
        )
    everywhere = all(row["status"] == TESTED for row in rows)
    return table(rows, P_VALUES if everywhere else (*P_VALUES, STATUS))


def place(engine: Row) -> str | None:
    """Return e.g. ``67 of 10,855``."""
    rank = engine.get("rank")
    return None if rank is None else f"{whole(rank)} of {whole(engine['n_tested'])}"


def left_out(dossier: Dossier) -> Grid:
    """Return the range of the estimates without each patient, by the own changes before the model."""
    rows = [
        answered(row, "p_value") | {"title": one["title"], "by": BY[row["method"]]}
        for one in dossier["questions"]
        for row in sorted(one["leave_one_out"], key=lambda row: list(BY).index(row["method"]))
    ]
    return table(rows, LEFT_OUT)


def adjusted(dossier: Dossier) -> Grid:
    """Return unadjusted beside adjusted changes."""
    rows = [
        answered(row)
        | {"title": one["title"], "interval": ends(row), "interval_adjusted": ends(row, "_adjusted")}
        | {"remark": "; ".join(str(row[key]) for key in ("note", "tracks") if row.get(key))}
        for one in dossier["questions"]
        for row in one["adjusted"]
    ]
    return table(rows, ADJUSTED)


def sources(dossier: Dossier) -> Grid:
    """Return the mean change of the panels of cells the gene may come from."""
    rows = [
        entry | {"panel": name, "interval": ends(entry)}
        for name, entries in dossier["sources"].items()
        for entry in entries
    ]
    return table(rows, SOURCES)


def anchors(dossier: Dossier) -> Grid:
    """Return the published statements; none of them is a result of the study."""
    return table(dossier["anchors"], ANCHORS)


def receptors(dossier: Dossier, main: list[str]) -> Grid:
    """Return one row per receptor, one column per main question; one that is not seen is below detection."""
    titles = {one["question"]: one["title"] for one in dossier["questions"] if one["question"] in main}
    rows = []
    for name, genes in dossier["receptors"].items():
        for gene in genes:
            answered = {row["question"]: row for row in gene["questions"]}
            said = [_receptor(answered.get(question), gene) for question in titles]
            rows.append(tuple(Cell(value) for value in (gene["gene_symbol"], plain(name), gene["status"], *said)))
    return Grid(("gene", "set", "status", *titles.values()), tuple(rows), (False,) * (3 + len(titles)))


def _receptor(answer: Row | None, gene: Row) -> str:
    if answer is None:
        return str(gene["status"])
    if answer.get("log2_fold_change") is None:
        return plain(answer["status"])
    return f"{decimal(answer['log2_fold_change'])} ({ends(answer)}), p = {probability(answer['p_value'])}"


def samples(dossier: Dossier) -> Grid:
    """Return the value of every sample, tested or not."""
    roles = [name for name in ("patient", "timepoint", "sex", "compartment") if name in dossier["samples"][0]]
    form: tuple[Form, ...] = (
        ("sample", "sample", text),
        *((name, name, plain) for name in roles),
        ("as measured", "value", decimal),
        ("log2", "log2", decimal),
    )
    return table(dossier["samples"], form)
