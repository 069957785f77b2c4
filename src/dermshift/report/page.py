"""report.html: one page with everything inside, no script, nothing fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dermshift import __version__
from dermshift.names import TESTED
from dermshift.report.methods import methods
from dermshift.report.summary import limits, sentence, set_sentence
from dermshift.report.words import decimal, patients, plain, portable, probability, text, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from dermshift.report.facts import Facts

HERE = Path(__file__).parent
TOP = 50
"""Genes shown per question."""
TOP_SETS = 20
"""Exploratory gene sets shown per question and method; declared sets are all shown."""

Form = tuple[str, str, "Callable[[Any], str]"]

GENE_FORM: tuple[Form, ...] = (
    ("rank", "rank", whole),
    ("gene", "gene_symbol", text),
    ("id", "gene_id", text),
    ("log2 fold change", "log2_fold_change", decimal),
    ("95 % from", "ci_lower", decimal),
    ("to", "ci_upper", decimal),
    ("shrunken", "log2_fold_change_shrunken", decimal),
    ("p", "p_value", probability),
    ("FDR", "fdr", probability),
    ("role", "flag", text),
)
CONFIGURED_FORM: tuple[Form, ...] = (
    ("question", "question", text),
    *(form for form in GENE_FORM if form[1] != "log2_fold_change_shrunken"),
    ("mean", "base_mean", decimal),
    ("status", "status", plain),
)
SET_FORM: tuple[Form, ...] = (
    ("set", "set_name", plain),
    ("collection", "collection", plain),
    ("family", "family", text),
    ("method", "method", text),
    ("direction", "direction", text),
    ("tested genes", "n_tested", whole),
    ("score", "enrichment_score", decimal),
    ("normalised score", "normalised_enrichment_score", decimal),
    ("p", "p_value", probability),
    ("FDR", "fdr", probability),
    ("status", "status", plain),
)


def page(facts: Facts) -> str:
    """Return the report as HTML.

    Every text goes through jinja2's escaping; the content security policy allows inline pictures and styles only.
    """
    import jinja2

    loader = jinja2.FileSystemLoader(HERE)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("template.html").render(context(facts))


def context(facts: Facts) -> dict[str, Any]:
    """Return what the template shows."""
    return {
        "facts": facts,
        "version": __version__,
        "style": (HERE / "style.css").read_text(encoding="utf-8"),
        "title": f"{plain(facts.name)}: {plain(facts.after)} vs {plain(facts.before)}",
        "summary": [sentence(card, facts) for card in facts.cards],
        "set_summary": [line for card in facts.cards if (line := set_sentence(card, facts))],
        "limits": limits(facts),
        "configured": table(facts.configured, CONFIGURED_FORM),
        "questions": [question(card["id"], card["title"], patients(card), facts) for card in facts.cards],
        "methods": methods(facts),
        "sources": [(portable(source.path), source.role, source.sha256) for source in facts.sources],
    }


def question(name: str, title: str, who: str, facts: Facts) -> dict[str, Any]:
    """Return the tables of one question."""
    genes = facts.tables[name]
    tested = genes[genes["status"] == TESTED]
    return {
        "id": name,
        "title": title,
        "who": who,
        "genes": table(tested.sort_values(["rank", "gene_id"]).head(TOP), GENE_FORM),
        "n_tested": whole(len(tested)),
        "sets": table(shown_sets(facts.sets[name]), SET_FORM),
    }


def shown_sets(sets: pd.DataFrame) -> pd.DataFrame:
    """Return every declared set and the first exploratory ones of each method and direction, by p-value."""
    ordered = sets.sort_values(["method", "direction", "p_value", "set_name"])
    exploratory = ordered[ordered["family"] != "declared"].groupby(["method", "direction"]).head(TOP_SETS)
    return ordered[(ordered["family"] == "declared") | ordered.index.isin(exploratory.index)].sort_values(
        ["family", "method", "direction", "p_value", "set_name"]
    )


def table(frame: pd.DataFrame, form: tuple[Form, ...]) -> dict[str, Any]:
    """Return header and rows of text."""
    rows = [[show(value) for (_, _, show), value in zip(form, row, strict=True)] for row in _values(frame, form)]
    return {"header": [title for title, _, _ in form], "rows": rows}


def _values(frame: pd.DataFrame, form: tuple[Form, ...]) -> list[tuple[Any, ...]]:
    return list(frame[[column for _, column, _ in form]].itertuples(index=False, name=None))
