"""report.html: one page with everything inside, no script, nothing fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from dermshift import __version__
from dermshift.names import TESTED
from dermshift.report.evidence import badges, trust
from dermshift.report.gallery import key_figures, question_figures
from dermshift.report.genes import CAUTION, configured_genes, gene_sentences, top_genes
from dermshift.report.grid import question_cell
from dermshift.report.methods import sections
from dermshift.report.sets import answered, declared_sets, listed_sets, shown_sets, standing
from dermshift.report.summary import answers, limits
from dermshift.report.words import patients, percent, plain, portable, whole

if TYPE_CHECKING:
    from dermshift.report.facts import Card, Facts

HERE = Path(__file__).parent
CODE = Markup("<code>{}</code>")
PLAIN = Markup("{}")


def page(facts: Facts) -> str:
    """Return the report as HTML.

    Every text goes through jinja2's escaping; the content security policy allows inline pictures and styles only.
    """
    return render("template.html", context(facts))


def render(template: str, values: dict[str, Any]) -> str:
    """Return a template of this folder filled in; whatever is filled in is escaped."""
    import jinja2

    loader = jinja2.FileSystemLoader(HERE)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["code"] = code
    return environment.get_template(template).render(values)


def context(facts: Facts) -> dict[str, Any]:
    """Return what the template shows."""
    return {
        "facts": facts,
        "version": __version__,
        "style": style(),
        "title": f"{plain(facts.name)}: {plain(facts.after)} vs {plain(facts.before)}",
        "after": plain(facts.after),
        "before": plain(facts.before),
        "alpha": percent(facts.alpha),
        "gene_sentences": gene_sentences(facts),
        "caution": CAUTION,
        "answers": answers(facts),
        "configured": configured_genes(facts),
        "trust": trust(facts),
        "declared": declared_sets(facts),
        "set_sentences": answered(facts),
        "standing": standing(facts),
        "limits": limits(facts),
        "figures": key_figures(facts.pictures, facts.tables),
        "questions": [question(card, facts) for card in facts.cards],
        "methods": sections(facts),
        "sources": [(portable(source.path), source.role, source.sha256) for source in facts.sources],
    }


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
        "sets": shown_sets(facts.sets[name], facts.alpha),
        "lists": listed_sets(facts.sets[name]),
        "figures": question_figures(facts.pictures, name),
    }


def style() -> str:
    """Return the stylesheet of every page."""
    return (HERE / "style.css").read_text(encoding="utf-8")


def code(text: str) -> Markup:
    """Return text with what stands between backticks as HTML code; all of it is escaped."""
    parts = [(CODE if place % 2 else PLAIN).format(part) for place, part in enumerate(text.split("`"))]
    return Markup("").join(parts)
