"""methods.md: what was done, generated from the records of engines, enrichment methods and designs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dermshift.report.words import patients, percent, plain, portable, whole

if TYPE_CHECKING:
    from dermshift.report.facts import Card, Facts


def methods(facts: Facts) -> str:
    """Return the methods section as Markdown."""
    parts = ["# Methods", _study(facts), "## Questions", _questions(facts), "## Model", *_models(facts)]
    if facts.enrichment["gene_sets"]:
        parts += ["## Gene sets", *_enrichment(facts.enrichment)]
    parts += ["## Signs and units", _signs(facts)]
    return "\n\n".join(parts) + "\n"


def _study(facts: Facts) -> str:
    return " ".join(
        [
            *(["**Synthetic data.**"] if facts.synthetic else []),
            f"Study `{facts.name}`: {facts.n_samples} samples of {facts.n_patients} patients,",
            f"`{facts.before}` (before) and `{facts.after}` (after), values on the scale `{facts.scale}`.",
            "The unit of replication is the patient.",
        ]
    )


def _questions(facts: Facts) -> str:
    return "\n".join(_question(card) for card in facts.cards)


def _question(card: Card) -> str:
    weights = zip(card["coefficients"], card["contrast"], strict=True)
    terms = " ".join(f"{weight:+g} {name}" for name, weight in weights if weight)
    size = f"{len(card['libraries'])} libraries, {len(card['coefficients'])} coefficients"
    size += f", {card['residual_df']} residual degrees of freedom"
    line = f"- `{card['id']}` ({card['title']}): {patients(card)}, {size}"
    gone = [
        f"    - left out: {item['patient']} ({', '.join(item['samples'])}): {item['reason']}"
        for item in card["left_out"]
    ]
    return "\n".join([f"{line}; estimated as `{terms}`, {card['stratum']}", *gone])


def _models(facts: Facts) -> list[str]:
    return list(dict.fromkeys(_model(fit) for fit in facts.fits))


def _model(fit: dict[str, Any]) -> str:
    meta, options, record = fit["engine"], fit["options"], fit["record"]
    used = record.get("versions", {}).get(meta["extra"], "")
    library = f" ({meta['extra']} {used})" if used else ""
    parts = [
        f"Engine `{meta['name']}`{library}: {meta['summary']}, doi:{meta['doi']}",
        meta["pairing"],
        meta["test"],
        f"FDR: {meta['fdr_family']}",
        f"genes: {record.get('filter', 'as the engine chooses')}",
        f"reference curve of this run: {options['reference']}",
        f"seed {options['seed']}",
    ]
    return " ".join(f"{part[:1].upper()}{part[1:]}." for part in parts)


def _enrichment(enrichment: dict[str, Any]) -> list[str]:
    options = enrichment["options"]
    declared = ", ".join(options["declared"]) or "none"
    sentences = [
        f"Declared before the run: {declared}; every other collection is exploratory.",
        "Universe: the tested genes of the question.",
        f"{whole(options['permutations'])} permutations, seed {options['seed']}.",
        f"Lists are genes at FDR {percent(options['alpha'])}.",
    ]
    methods = "\n".join(f"- {_method(method)}" for method in enrichment["methods"])
    files = [f"- `{portable(file['path'])}`, sha256 `{file['sha256']}`" for file in enrichment["gene_sets"]]
    return [" ".join(sentences), methods, "\n".join(files)]


def _method(meta: dict[str, Any]) -> str:
    texts = {key: value for key, value in meta.items() if key != "name" and isinstance(value, str) and value}
    return f"`{meta['name']}`: " + "; ".join(f"{plain(key)}: {value}" for key, value in texts.items())


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
