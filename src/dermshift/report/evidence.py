"""How far the patients can be trusted: the evidence tables as sentences and small tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.evidence_names import CONFIGURED, ENGINE, PAIRED, SET
from dermshift.evidence_tables import everyone, main_cards
from dermshift.report.blocks import Block, Section
from dermshift.report.genes import label as gene_label
from dermshift.report.grid import Form, Grid, grid, question_cell
from dermshift.report.sentences import (
    difference_sentence,
    flip_sentence,
    identity_sentences,
    power_sentence,
    weight_sentence,
)
from dermshift.report.words import decimal, interval, plain, probability, text

if TYPE_CHECKING:
    from dermshift.report.facts import Card, Facts

HEADLINE_WORDS = " ".join(
    (
        "Own changes: plain paired t of the patients' own changes, no other gene enters; read it first. Flips: exact p",
        "over all sign patterns, never below its floor. Model: from the genome-wide table. Verdicts: same sign and",
        "p < 0.05 in the fits without one patient.",
    )
)
HEADLINE: tuple[Form, ...] = (
    ("gene", "label", text),
    ("own changes", "estimate", decimal),
    ("95 % CI", "interval", text),
    ("p, plain t", "p_value", probability),
    ("p, flips", "flip_p", probability),
    ("floor", "flip_floor", probability),
    ("p, model", "p_model", probability),
    ("verdict", "badge", text),
    ("verdict, model", "badge_model", text),
)
COMPOSITION: tuple[Form, ...] = (
    ("item", "label", plain),
    ("unadjusted", "estimate", decimal),
    ("95 % CI", "interval", text),
    ("p", "p_value", probability),
    ("adjusted", "estimate_adjusted", decimal),
    ("95 % CI", "interval_adjusted", text),
    ("p", "p_value_adjusted", probability),
    ("variance times", "variance_factor", decimal),
    ("remark", "remark", text),
)
AFTER_DRUG = " ".join(
    (
        "The score is itself measured after the drug and may be part of the response: neither column replaces the",
        "other. Scores are means of log2 values, no percentages of cells.",
    )
)
WEIGHTS = "Sensitivity run, never the headline: samples far from what the others predict count less."
IDENTITY = "No label is ever changed: a warning asks for a look at tubes and sheets."


def badges(facts: Facts, question: str) -> dict[str, str]:
    """Return gene id to the verdict of the model's fits without one patient."""
    table = facts.evidence.leave_one_out.get(question)
    if table is None:
        return {}
    own = table[table["method"] == ENGINE]
    return dict(zip(own["item"], own["badge"].fillna(""), strict=True))


def trust(facts: Facts) -> dict[str, Any] | None:
    """Return what the section shows; None where nothing was judged."""
    if not facts.evidence.facts:
        return None
    cards = [card for card in main_cards(facts.cards) if card["id"] in facts.evidence.facts]
    parts = [
        Section("What chance alone yields", (tuple(flips(facts, cards)),)),
        Section("What these patients could have shown", (tuple(power(facts, cards)),)),
        Section("Differences", (tuple(differences(facts)),)),
        Section("Pair identity", (IDENTITY, tuple(identity_sentences(facts.evidence.pair_identity)))),
        Section("What the samples are made of", composition(facts, cards)),
        Section("Quality weights", (WEIGHTS, tuple(weights(facts, cards)))),
    ]
    return {
        "dossiers": [(name, found["label"]) for name, found in facts.evidence.dossiers.items()],
        "headline": headline(facts, cards),
        "headline_words": HEADLINE_WORDS,
        "parts": [part for part in parts if any(block for block in part.blocks if not isinstance(block, str))],
    }


def headline(facts: Facts, cards: list[Card]) -> Grid:
    """Return one row per configured gene and main question."""
    roles = facts.configured.drop_duplicates("gene_id").set_index("gene_id")
    frames = []
    for card in cards:
        table = facts.evidence.leave_one_out[card["id"]]
        table = table[table["kind"] == CONFIGURED]
        own, model = (table[table["method"] == method].set_index("item") for method in (PAIRED, ENGINE))
        full = everyone(facts.evidence.refits[card["id"]], PAIRED).reindex(own.index)
        ends = zip(full["ci_lower"], full["ci_upper"], strict=True)
        frames.append(
            own.assign(
                estimate=own["estimate"].where(full["ci_lower"].notna()),  # no answer, no number
                label=[name(roles, gene, row) for gene, row in own["label"].items()],
                interval=[interval(*pair) for pair in ends],
                p_model=model["p_value"].reindex(own.index), badge_model=model["badge"].reindex(own.index),
                question=card["id"],
            )
        )  # fmt: skip
    frame = pd.concat(frames) if frames else pd.DataFrame(columns=["question", *(form[1] for form in HEADLINE)])
    return by_question(frame, cards, HEADLINE)


def name(roles: pd.DataFrame, gene: Any, label: Any) -> str:
    """Return the label of a configured gene with its role."""
    if gene not in roles.index:
        return str(label)
    return gene_label({"gene_id": gene, "flag": roles.loc[gene, "flag"]}, {gene: str(label)})


def by_question(frame: pd.DataFrame, cards: list[Card], form: tuple[Form, ...]) -> Grid:
    """Return a grid whose first column leads to the question of each row."""
    rows = grid(frame, form)
    known = {card["id"]: question_cell(card) for card in cards}
    cells = tuple((known[question], *row) for question, row in zip(frame["question"], rows.rows, strict=True))
    return Grid(("question", *rows.header), cells, (False, *rows.numeric))


def flips(facts: Facts, cards: list[Card]) -> list[str]:
    """Return one sentence per question."""
    return [flip_sentence(card["title"], facts.evidence.facts[card["id"]]["flips"], facts.alpha) for card in cards]


def power(facts: Facts, cards: list[Card]) -> list[str]:
    """Return one sentence per main question and item: configured genes and the median gene."""
    said = []
    for card in cards:
        table = facts.evidence.power[card["id"]]
        kept = table[(table["kind"] == CONFIGURED) | (table["item"] == "median gene")]
        seen = everyone(facts.evidence.refits[card["id"]], PAIRED)["estimate"]
        said += [power_sentence(card["title"], row, seen.get(row["item"])) for row in kept.to_dict("records")]
    return said


def differences(facts: Facts) -> list[str]:
    """Return the difference cards of the configured genes, by the patients' own changes."""
    table = facts.evidence.differences
    if not len(table):
        return []
    titles = {card["id"]: card["title"] for card in facts.cards}
    rows = table[(table["kind"] == CONFIGURED) & (table["method"] == PAIRED)].to_dict("records")
    return [f"{row['label']}, {difference_sentence(titles[row['question']], row)}" for row in rows]


def composition(facts: Facts, cards: list[Card]) -> tuple[Block, ...]:
    """Return the table of unadjusted beside adjusted changes of configured genes and declared sets."""
    frames = []
    for card in cards:
        table = facts.evidence.adjusted[card["id"]]
        frames.append(table[table["kind"].isin([CONFIGURED, SET])].assign(question=card["id"]))
    frame = pd.concat(frames) if frames else pd.DataFrame()
    if not len(frame):
        return ()
    return f"Score: {plain(frame['score'].iloc[0]).lower()}. {AFTER_DRUG}", by_question(
        dressed(frame), cards, COMPOSITION
    )


def dressed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return adjusted changes with their intervals and remarks as text."""
    ends = {
        f"interval{kind}": [
            interval(*pair) for pair in zip(frame[f"ci_lower{kind}"], frame[f"ci_upper{kind}"], strict=True)
        ]
        for kind in ("", "_adjusted")
    }
    said = [
        "; ".join(str(value) for value in pair if pd.notna(value) and str(value))
        for pair in zip(frame["note"], frame["tracks"], strict=True)
    ]
    known = frame["estimate"].where(frame["ci_lower"].notna())
    return frame.assign(**ends, estimate=known, remark=said)


def weights(facts: Facts, cards: list[Card]) -> list[str]:
    """Return what changes in each main question where doubtful samples count less."""
    said = []
    for card in cards:
        table = facts.evidence.specifications[card["id"]]
        rows = table[(table["weights"] == "quality") & table["estimate"].notna()].to_dict("records")
        reason = facts.evidence.facts[card["id"]].get("no_weights")
        said.append(weight_sentence(card["title"], facts.evidence.weights[card["id"]], rows, reason))
    return said
