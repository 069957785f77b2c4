"""The methods section, generated from the records of engines, enrichment methods and designs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dermshift import __version__
from dermshift.report.blocks import Section, markdown
from dermshift.report.citations import ALWAYS, DOI, OWN_DOIS, cited, key_of, keys_of
from dermshift.report.grid import Cell, Grid, question_cell
from dermshift.report.models import fits, libraries, models
from dermshift.report.words import percent, plain, portable, split, whole

if TYPE_CHECKING:
    from dermshift.report.facts import Card, Facts

QUESTIONS = ("question", "patients", "libraries", "coefficients", "residual df", "estimated as", "stratum")


def methods(facts: Facts) -> str:
    """Return the methods section as Markdown (methods.md)."""
    return markdown("Methods", sections(facts))


def sections(facts: Facts) -> list[Section]:
    """Return the methods section, part by part."""
    parts = [
        Section("Study", (_study(facts),)),
        Section("Questions", (_questions(facts.cards), *_asides(facts.cards), *libraries(facts))),
        Section("Model", (*models(facts.fits), *fits(facts.fits))),
    ]
    if facts.enrichment["gene_sets"]:
        parts.append(Section("Gene sets", _enrichment(facts.enrichment)))
    parts += [Section("Signs and units", (_signs(facts),)), Section("Software", (_software(),))]
    return [*parts, Section("References", (tuple(f"[{item.key}] {item.text}" for item in cited(facts)),))]


SAID = {
    "other_timepoints": "Left out",
    "probe_controls": "Controls",
    "probe_annotation": "Annotation of the probe sets",
    "probe_sets": "Probe sets",
    "scale": "Scale",
    "dosing": "Doses",
}
"""Checks whose evidence decides what was analysed."""


def _study(facts: Facts) -> str:
    return " ".join(
        [
            *(["Synthetic data."] if facts.synthetic else []),
            f"Study `{facts.name}`: {facts.n_samples} samples of {facts.n_patients} patients,",
            f"`{facts.before}` (before) and {_after(facts)} (after), values on the scale `{facts.scale}`.",
            "The unit of replication is the patient.",
            *(f"{SAID[check['check']]}: {check['evidence']}." for check in facts.checks if _matters(check)),
        ]
    )


def _matters(check: dict[str, Any]) -> bool:
    return check["check"] in SAID and not (check["check"] == "dosing" and check["verdict"] == "ok")


def _after(facts: Facts) -> str:
    visits = [f"`{visit}`" for visit in (facts.after, *facts.further)]
    return " and ".join([", ".join(visits[:-1]), visits[-1]] if len(visits) > 1 else visits)


def _asides(cards: list[Card]) -> list[tuple[str, ...]]:
    """Say what else differs between patients that are compared, and who was left out."""
    notes = tuple(f"`{card['id']}`: {note}" for card in cards for note in card["notes"])
    return [*([notes] if notes else []), *_left_out(cards)]


def _questions(cards: list[Card]) -> Grid:
    rows = tuple((question_cell(card), *(Cell(text) for text in _question(card))) for card in cards)
    return Grid(QUESTIONS, rows, tuple(title in QUESTIONS[2:5] for title in QUESTIONS))


def _question(card: Card) -> list[str]:
    weights = zip(card["coefficients"], card["contrast"], strict=True)
    terms = " ".join(f"{weight:+g} {name}" for name, weight in weights if weight)
    sizes = [len(card["libraries"]), len(card["coefficients"]), card["residual_df"]]
    return [f"{card['n_pairs']}{split(card)}", *map(whole, sizes), terms, card["stratum"]]


def _left_out(cards: list[Card]) -> list[tuple[str, ...]]:
    gone = tuple(
        f"`{card['id']}` left out: {item['patient']} ({', '.join(item['samples'])}): {item['reason']}"
        for card in cards
        for item in card["left_out"]
    )
    return [gone] if gone else []


def _enrichment(enrichment: dict[str, Any]) -> tuple[str | tuple[str, ...], ...]:
    options = enrichment["options"]
    declared = ", ".join(options["declared"]) or "none"
    sentences = [
        f"Declared before the run: {declared}; every other collection is exploratory.",
        "Universe: the tested genes of the question.",
        f"Sets with {whole(options['min_size'])} to {whole(options['max_size'])} tested genes are tested.",
        "A set moves where `fry` passes in its family, and more than other genes where `camera` passes besides.",
        f"Prerank: {whole(options['permutations'])} gene permutations, seed {options['seed']}.",
        f"Lists are genes at FDR {percent(options['alpha'])}.",
    ]
    files = tuple(_set_file(file) for file in enrichment["gene_sets"])
    found = tuple(_found(name, counts) for name, counts in enrichment.get("symbols", {}).items())
    methods = tuple(_method(method) for method in enrichment["methods"])
    return " ".join(sentences), methods, files, *([found] if found else [])


def _set_file(file: dict[str, str]) -> str:
    published = [f"{file['source']}, release {file['release']}, {file['licence']}"] if "release" in file else []
    published += [key_of(doi) for doi in DOI.findall(file.get("source", ""))]
    return ", ".join([f"`{portable(file['path'])}`", *published, f"sha256 `{file['sha256']}`"])


def _found(collection: str, counts: dict[str, int]) -> str:
    """Say what became of the symbols of a collection; `tables/set_symbols.tsv` names them."""
    words = (
        ("n_updated", "tested under another name"),
        ("n_not_tested", "in the matrix but not tested"),
        ("n_absent", "not in the matrix"),
        ("n_ambiguous", "alias of several genes, not used"),
    )
    whole_of = f"`{collection}`: {whole(counts['n_symbols'])} symbols in {whole(counts['n_sets'])} sets"
    parts = [f"{whole_of}; {whole(counts['n_tested'])} tested under their name"]
    return "; ".join(parts + [f"{whole(counts[name])} {text}" for name, text in words if counts[name]])


def _method(meta: dict[str, Any]) -> str:
    texts = {
        key: value for key, value in meta.items() if key not in ("name", "doi") and isinstance(value, str) and value
    }
    return f"`{meta['name']}` {keys_of(meta)}: " + "; ".join(f"{plain(key)}: {value}" for key, value in texts.items())


def _software() -> str:
    named = ", ".join(f"{name} {key_of(OWN_DOIS[name])}" for name in ALWAYS)
    return f"dermshift {__version__} [dermshift], with {named}. Versions of all packages are in `manifest.json`."


def _signs(facts: Facts) -> str:
    change = f"Positive = higher at {plain(facts.after)} than at {plain(facts.before)};"
    return " ".join(
        [
            change,
            "a difference `a vs b` is the change in a minus the change in b.",
            "Fold changes, standard errors and 95 % confidence intervals are log2.",
            "`fdr` is the Benjamini-Hochberg false discovery rate within one question.",
            "`NA` means not computed, never zero.",
        ]
    )
