"""dossier/GENE.html: everything known of one gene on a page of its own; every number comes from GENE.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift import __version__
from dermshift.evidence_tables import main_cards
from dermshift.report import dossier_tables as tables
from dermshift.report.sentences import difference_sentence, flip_sentence, power_sentence
from dermshift.report.templates import render, style
from dermshift.report.words import decimal, plain, probability, whole

if TYPE_CHECKING:
    from dermshift.report.facts import Facts
    from dermshift.report.pictures import Picture

Dossier = dict[str, Any]
FIGURES = ("dossier_", "slopes_", "specifications_")


def dossier_page(name: str, facts: Facts) -> str:
    """Return the page of one dossier as HTML, with the stylesheet of the report, no script, nothing fetched.

    Parameters
    ----------
    name
        Of the file, without suffix: a key of ``facts.evidence.dossiers``.
    """
    return render("dossier.html", context(name, facts))


def context(name: str, facts: Facts) -> dict[str, Any]:
    """Return what the template shows."""
    found = facts.evidence.dossiers[name]
    return {
        "dossier": found,
        "name": name,
        "version": __version__,
        "style": style(),
        "title": f"{found['label']}: {plain(facts.after)} vs {plain(facts.before)}",
        "role": plain(found["role"]),
        "study": plain(found["study"]),
        "body": body(name, facts),
    }


def body(name: str, facts: Facts) -> dict[str, Any]:
    """Return what a dossier shows on its own page and inside the report."""
    found = facts.evidence.dossiers[name]
    main = [card["id"] for card in main_cards(facts.cards)]
    return {
        "dossier": found,
        "after": plain(facts.after),
        "before": plain(facts.before),
        "answers": answers(found, main),
        "p_values": tables.p_values(found),
        "engine_note": engine_note(found),
        "left_out": tables.left_out(found),
        "differences": differences(found),
        "flips": [flip_sentence(one["title"], one["flip_null"], facts.alpha) for one in chosen(found, main)],
        "power": power(found),
        "adjusted": tables.adjusted(found),
        "specifications": specifications(found),
        "receptors": tables.receptors(found, main),
        "sources": tables.sources(found),
        "association": association(found),
        "anchors": tables.anchors(found),
        "samples": tables.samples(found),
        "figures": figures(name, facts.pictures),
    }


def chosen(dossier: Dossier, questions: list[str]) -> list[Dossier]:
    """Return the answers to some questions."""
    return [one for one in dossier["questions"] if one["question"] in questions]


def answers(dossier: Dossier, main: list[str]) -> list[str]:
    """Return one sentence per main question: the patients' own changes, the p-values in their order, the verdict."""
    said = []
    for one in chosen(dossier, main):
        own, flip, engine = one["p_values"]
        badge = next((row["badge"] for row in one["leave_one_out"] if row["method"] == "paired_t"), None)
        if own.get("ci_lower") is None:
            said.append(f"{one['title']}: {badge or 'cannot be answered'}.")
            continue
        ends = f"95 % CI {decimal(own['ci_lower'])} to {decimal(own['ci_upper'])}"
        p = f"p = {probability(own['p_value'])} by the plain paired t"
        p += f", {probability(flip['p_value'])} by all sign patterns (floor {probability(flip['floor'])})"
        p += f", {probability(engine['p_value'])} in the genome-wide table"
        start = (
            f"{one['title']}: {float(own['estimate']):+.2f} log2 ({ends}, {p}, n = {whole(one['n_pairs'])} patients)"
        )
        said.append(f"{start}; without each patient: {badge}.")
    return said


def engine_note(dossier: Dossier) -> str:
    """Return what has to be said of the engine's p-value."""
    notes = [entry["note"] for one in dossier["questions"] for entry in one["p_values"] if entry.get("note")]
    return str(notes[0]) if notes else ""


def differences(dossier: Dossier) -> list[str]:
    """Return the difference cards, by the patients' own changes before the model."""
    titles = {one["question"]: one["title"] for one in dossier["questions"]}
    words = {"paired_t": "own changes", "engine": "model"}
    rows = sorted(dossier["differences"], key=lambda row: list(words).index(row["method"]))
    order = {question: place for place, question in enumerate(titles)}
    rows.sort(key=lambda row: order[row["question"]])
    return [difference_sentence(f"{titles[row['question']]}, {words[row['method']]}", row) for row in rows]


def power(dossier: Dossier) -> list[str]:
    """Return what these patients could have shown of the gene."""
    said = []
    for one in dossier["questions"]:
        for row in one["power"]:
            values = {key: float("nan") if value is None else value for key, value in row.items()}
            said.append(power_sentence(one["title"], values, one["p_values"][0].get("estimate")))
    return said


def specifications(dossier: Dossier) -> list[str]:
    """Return the range over all defensible choices, how many share the headline's sign and how many have a low p."""
    said = []
    for one in dossier["questions"]:
        frame = pd.DataFrame(one["specifications"])
        known = frame.dropna(subset=["estimate", "p_value"]) if len(frame) else frame
        if not len(known):
            said.append(f"{one['title']}: cannot be answered.")
            continue
        main = known[known["headline"].astype(str).str.lower().isin(["yes", "true"])]["estimate"]
        sign = float(main.iloc[0] if len(main) else known["estimate"].median())
        same, low = int((known["estimate"] * sign > 0).sum()), int((known["p_value"] < 0.05).sum())
        ends = f"{decimal(known['estimate'].min())} to {decimal(known['estimate'].max())} log2"
        said.append(f"{one['title']}: {ends} over {len(known)} ways; {same} share the sign, {low} have p below 0.05.")
    return said


def association(dossier: Dossier) -> list[str]:
    """Return how the gene's change goes with another, with the range chance gives and the words that belong to it."""
    said = []
    for one in dossier["questions"]:
        for row in one["association"]:
            start = f"{one['title']}, {plain(row['set_name'])}"
            if row["correlation"] is None:
                said.append(f"{start}: {row['note']}.")
                continue
            chance = f"{decimal(row['chance_lower'])} to {decimal(row['chance_upper'])}"
            numbers = f"r = {decimal(row['correlation'])}, by chance {chance}, p = {probability(row['p_value'])}"
            said.append(f"{start}: {numbers}, n = {whole(row['n'])}: {row['note']}.")
    return said


def figures(name: str, pictures: tuple[Picture, ...]) -> list[Picture]:
    """Return the figures of the gene, in their order."""
    wanted = [f"{start}{name}" for start in FIGURES]
    known = {picture.id: picture for picture in pictures}
    return [known[figure] for figure in wanted if figure in known]
