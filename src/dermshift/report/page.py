"""report.html: one page with everything inside, nothing fetched; what moves in it is drawn from the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dermshift import __version__
from dermshift.design.model_words import model_words
from dermshift.design.words import wording
from dermshift.evidence_tables import main_cards
from dermshift.names import TESTED
from dermshift.report.assets import scripts
from dermshift.report.dossier import body
from dermshift.report.evidence import badges, trust
from dermshift.report.explorer import DIGITS, payload
from dermshift.report.gallery import PLACES, other_figures, question_figures, section_figures
from dermshift.report.genes import CAUTION, configured_genes, gene_sentences, top_genes
from dermshift.report.grid import Cell, Grid, question_cell
from dermshift.report.methods import sections
from dermshift.report.sets import answered, declared_sets, listed_sets, shown_sets, standing
from dermshift.report.summary import answers, found, limits
from dermshift.report.templates import render, style
from dermshift.report.words import patients, percent, plain, portable, split, whole

if TYPE_CHECKING:
    from dermshift.report.facts import Card, Facts


def page(facts: Facts) -> str:
    """Return the report as HTML.

    Every text goes through jinja2's escaping; the content security policy runs the page's own scripts by their hashes
    and nothing else, and fetches nothing.
    """
    return render("template.html", context(facts))


def context(facts: Facts) -> dict[str, Any]:
    """Return what the template shows."""
    return {
        "facts": facts,
        "version": __version__,
        "style": style(),
        "scripts": scripts(),
        "payload": payload(facts),
        "digits": DIGITS,
        "title": f"{plain(facts.name)}: {plain(facts.after)} vs {plain(facts.before)}",
        "after": plain(facts.after),
        "before": plain(facts.before),
        "alpha": percent(facts.alpha),
        **_summary(facts),
        "designs": designs(facts),
        "looked_at": sorted((c for c in facts.checks if c["verdict"] != "ok"), key=lambda c: c["verdict"] == "note"),
        "passed": [check for check in facts.checks if check["verdict"] == "ok"],
        "dossiers": [(name, body(name, facts)) for name in facts.evidence.dossiers],
        "trust": trust(facts),
        "declared": declared_sets(facts),
        "set_sentences": answered(facts),
        "standing": standing(facts),
        "figures": {section: section_figures(facts.pictures, section) for section in PLACES},
        "others": other_figures(facts.pictures, facts.tables),
        "questions": [question(card, facts) for card in facts.cards],
        "methods": sections(facts),
        "sources": [(portable(source.path), source.role, source.sha256) for source in facts.sources],
    }


def _summary(facts: Facts) -> dict[str, Any]:
    """Return what was asked, what was found, and what cannot be said."""
    return {
        "asked": [wording(card).question for card in main_cards(facts.cards)],
        "found": found(facts),
        "gene_sentences": gene_sentences(facts),
        "caution": CAUTION,
        "answers": answers(facts),
        "configured": configured_genes(facts),
        "limits": limits(facts),
    }


def designs(facts: Facts) -> Grid:
    """Return one row per question: who entered, the model in plain words, residual degrees of freedom."""
    header = ("question", "patients", "residual df", "estimated", "model")
    rows = tuple(
        (
            question_cell(card),
            Cell(f"{card['n_pairs']}{split(card)}"),
            Cell(whole(card["residual_df"])),
            Cell(card["stratum"]),
            Cell(model_words(card), wide=True),
        )
        for card in facts.cards
    )
    return Grid(header, rows, (False, False, True, False, False))


def question(card: Card, facts: Facts) -> dict[str, Any]:
    """Return the tables and figures of one question."""
    name = card["id"]
    tested = facts.tables[name]["status"] == TESTED
    return {
        "id": name,
        "title": card["title"],
        "tag": question_cell(card).tag,
        "who": patients(card),
        "n_tested": whole(tested.sum()),
        "genes": top_genes(facts.tables[name], badges(facts, name)),
        "sets": shown_sets(facts.wide_sets[name]),
        "lists": listed_sets(facts.sets[name]),
        "figures": question_figures(facts.pictures, name),
    }
