"""Everything known of one named gene, put together from the tables of a run: no number is computed here twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.evidence.plain import gene_row, one_row, plain_row, rows_of, value
from dermshift.names import FILTERED, PATIENT, SEX, TIMEPOINT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dermshift.study import Study

Card = dict[str, Any]
PARTS = ("leave_one_out", "refits", "power", "adjusted", "specifications", "association")
"""Parts of a question that are rows of the table of the same name."""
ORDER = ("paired_t", "sign_flip", "engine")
"""Order of the p-values: the plain t of the patients' differences uses no other gene and comes first."""
ENGINE_NOTE = "; ".join(
    (
        "genome-wide table: borrows strength from other genes, which understates the error of an unusually noisy gene",
        "in simulations of such genes .16 to .25 of the null tests fell below .05",
    )
)
BELOW = "below detection"
CAUTIONS = (
    "The gene was named because of data like these: a small p-value here is no independent support.",
    "Inflammation raises such genes as well, and the cells in a biopsy decide its level: see the panels beside it.",
    "A correlation with another change over a few patients is an association; no mediation model was fitted.",
    "Transcripts are not protein, and a raised transcript is neither benefit nor harm.",
)
COMPARED = {
    "on_drug": "One arm only: visit, season, the wound of the first biopsy and regression to the mean remain possible.",
    "conditions": "Two conditions of the same patients: whatever else differs between them is in the difference.",
}
ARRAY = "An array gives every probe set a value: a low one may be background, not a gene without change."


@dataclass(frozen=True)
class Shelf:
    """The tables a dossier is made of, by question id where there is one per question.

    Parameters
    ----------
    cards
        Design cards, in the order of the questions.
    results, left_out, refits, power, adjusted, specifications, association
        Tables of genes and of the evidence.
    differences
        Difference cards of all questions.
    facts
        ``evidence/QUESTION.json``.
    expression
        Samples x genes, log2.
    receptors
        Set name to symbol and gene id (None where the matrix lacks the gene).
    sources
        Names of the panels beside the gene.
    anchors
        Published statements, index symbol; see ``data/anchors.tsv``.
    """

    study: Study
    cards: list[Card]
    results: Mapping[str, pd.DataFrame]
    left_out: Mapping[str, pd.DataFrame]
    refits: Mapping[str, pd.DataFrame]
    power: Mapping[str, pd.DataFrame]
    adjusted: Mapping[str, pd.DataFrame]
    specifications: Mapping[str, pd.DataFrame]
    association: Mapping[str, pd.DataFrame]
    differences: pd.DataFrame
    facts: Mapping[str, dict[str, Any]]
    expression: pd.DataFrame
    receptors: Mapping[str, Sequence[tuple[str, str | None]]] = field(default_factory=dict)
    sources: Sequence[str] = ()
    anchors: pd.DataFrame = field(default_factory=pd.DataFrame)


def dossier(gene: str, label: str, role: str, shelf: Shelf) -> dict[str, Any]:
    """Return the dossier of one gene as plain values; a part without an answer says why."""
    symbol = str(gene_row(next(iter(shelf.results.values())), gene)["gene_symbol"])
    return {
        "gene_id": gene,
        "gene_symbol": symbol,
        "label": label,
        "role": role,
        "study": shelf.study.name,
        "synthetic": shelf.study.synthetic,
        "unit": "log2",
        "questions": [question(gene, card, shelf) for card in shelf.cards],
        "samples": samples(gene, shelf),
        "differences": rows_of(shelf.differences, gene),
        "receptors": {name: [receptor(*one, shelf) for one in genes] for name, genes in shelf.receptors.items()},
        "sources": {name: [panel(name, card, shelf) for card in shelf.cards] for name in shelf.sources},
        "anchors": anchors(symbol, shelf),
        "cautions": cautions(shelf.study),
        "tables": {"samples": "study.h5ad", "differences": "evidence/differences.tsv"},
    }


def cautions(study: Study) -> list[str]:
    """Return what must be kept in mind of any gene of a study."""
    first, *rest = CAUTIONS
    return [first, COMPARED[study.comparison], *rest, *([ARRAY] if study.scale == "log2" else [])]


def question(gene: str, card: Card, shelf: Shelf) -> dict[str, Any]:
    """Return what one question says of the gene, its p-values in the order to be read."""
    name = card["id"]
    row = gene_row(shelf.results[name], gene)
    own = one_row(shelf.left_out[name], gene, method="paired_t")
    return {
        "question": name,
        "title": card["title"],
        "kind": card["kind"],
        "n_pairs": int(card["n_pairs"]),
        "n_by_level": card["n_by_level"],
        "status": row["status"],
        "base_mean": value(row["base_mean"]),
        "p_values": p_values(gene, name, row, own, shelf),
        "log2_fold_change_shrunken": value(row["log2_fold_change_shrunken"]),
        "leave_one_out": rows_of(shelf.left_out[name], gene),
        "refits": rows_of(shelf.refits[name], gene),
        "power": rows_of(shelf.power[name], gene),
        "adjusted": rows_of(shelf.adjusted[name], gene),
        "specifications": rows_of(shelf.specifications[name], gene),
        "association": rows_of(shelf.association[name], gene),
        "flip_null": shelf.facts[name]["flips"],
        "tables": {"engine": f"tables/{name}.tsv", "paired_t": f"evidence/{name}.refits.tsv"}
        | {"sign_flip": f"evidence/{name}.leave_one_out.tsv", "flip_null": f"evidence/{name}.json"}
        | {part: f"evidence/{name}.{part}.tsv" for part in PARTS},
    }  # fmt: skip


def p_values(gene: str, name: str, row: pd.Series, own: dict[str, Any], shelf: Shelf) -> list[dict[str, Any]]:
    """Return the p-values of a question: plain t, sign flip, engine."""
    refits = shelf.refits[name]
    plain = one_row(refits[refits["left_out"] == ""], gene, method="paired_t")
    tested = int((shelf.results[name]["status"] == "tested").sum())
    engine = {
        key: value(row[key]) for key in ("standard_error", "df", "ci_lower", "ci_upper", "p_value", "fdr", "rank")
    }
    return [
        {"method": ORDER[0]}
        | {key: plain.get(key) for key in ("estimate", "standard_error", "df", "ci_lower", "ci_upper", "p_value")},
        {"method": ORDER[1], "p_value": own.get("flip_p"), "floor": own.get("flip_floor")},
        {"method": ORDER[2], "estimate": value(row["log2_fold_change"]), "n_tested": tested, "note": ENGINE_NOTE}
        | engine,
    ]


def samples(gene: str, shelf: Shelf) -> list[dict[str, Any]]:
    """Return the value of every sample as measured and on the log2 scale, tested or not."""
    sheet = shelf.study.sheet
    measured, log2 = shelf.study.values[gene], shelf.expression[gene]
    columns = [name for name in (PATIENT, TIMEPOINT, SEX, "compartment") if name in sheet]
    return [
        {"sample": sample} | {name: str(sheet.loc[sample, name]) for name in columns}
        | {"value": float(measured[sample]), "log2": float(log2[sample])}
        for sample in sheet.index
    ]  # fmt: skip


def receptor(symbol: str, gene: str | None, shelf: Shelf) -> dict[str, Any]:
    """Return how a receptor stands in every question; one the data cannot see is never called unchanged."""
    if gene is None:
        return {"gene_symbol": symbol, "status": "not in the matrix", "questions": []}
    rows = {name: gene_row(table, gene) for name, table in shelf.results.items()}
    first = next(iter(rows.values()))
    answers = [
        {
            "question": name,
            "status": BELOW if row["status"] == FILTERED else row["status"],
            "base_mean": value(row["base_mean"]),
        }
        | {key: value(row[key]) for key in ("log2_fold_change", "ci_lower", "ci_upper", "p_value")
           if row["status"] != FILTERED}
        for name, row in rows.items()
    ]  # fmt: skip
    seen = any(row["status"] != FILTERED for row in rows.values())
    return {"gene_symbol": symbol, "gene_id": gene, "status": "measured" if seen else BELOW,
            "base_mean": value(first["base_mean"]), "questions": answers}  # fmt: skip


def panel(name: str, card: Card, shelf: Shelf) -> dict[str, Any]:
    """Return the mean change of a panel in one question."""
    refits = shelf.refits[card["id"]]
    found = one_row(refits[refits["left_out"] == ""], name, method="paired_t")
    return {"question": card["id"], "title": card["title"]} | {
        key: found.get(key) for key in ("estimate", "ci_lower", "ci_upper", "p_value")
    }


def anchors(symbol: str, shelf: Shelf) -> list[dict[str, Any]]:
    """Return the published statements on the gene; an empty list where none was curated."""
    if "gene_symbol" not in shelf.anchors:
        return []
    return [plain_row(row) for row in shelf.anchors[shelf.anchors["gene_symbol"] == symbol].to_dict("records")]
