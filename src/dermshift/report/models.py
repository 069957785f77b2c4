"""How libraries were made and what was fitted, in the words of the design cards and fit records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dermshift.report.citations import FALSE_DISCOVERY, RANDOM_BLOCK, SHRINKAGE, key_of, keys_of, shrinks
from dermshift.report.grid import Cell, Grid
from dermshift.report.words import decimal, plain, whole

if TYPE_CHECKING:
    from dermshift.report.facts import Card, Facts

Fit = dict[str, Any]

THINNED = " ".join(
    (
        "the two libraries ({before}, {after}) of each compartment are thinned binomially to equal depth, the smaller",
        "of the two (seed {seed}), so that every compartment has the same share before and after;",
        "then the counts of the patient's compartments are summed per visit.",
    )
)
PRIOR_DF = "prior df is what the other genes add to the residual degrees of freedom of one gene."
SHRUNKEN = "posterior modes with a heavy-tailed prior, where the contrast is a coefficient (apeglm)"
AVERAGED = "the log2 values of the patient's compartments are averaged per visit."


CLAIMS = {
    "greaterAbs": "a change beyond",
    "lessAbs": "a change within",
    "greater": "a rise beyond",
    "less": "a fall beyond",
}


def libraries(facts: Facts) -> list[str]:
    """Return how the libraries of questions over several compartments were made, nothing where there are none."""
    merged = [card["title"] for card in facts.cards if _is_merged(card)]
    if not merged:
        return []
    start = f"Questions over all compartments ({'; '.join(merged)}) have one library per patient and visit:"
    if facts.scale == "log2":
        return [f"{start} {AVERAGED}"]
    seed = facts.fits[0]["options"]["seed"]
    return [f"{start} {THINNED.format(before=plain(facts.before), after=plain(facts.after), seed=seed)}"]


def _is_merged(card: Card) -> bool:
    return any(len(library.get("members", ())) > 1 for library in card["libraries"])


def models(records: list[Fit]) -> list[str]:
    """Return one paragraph per engine and set of options."""
    return list(dict.fromkeys(_model(fit) for fit in records))


def _model(fit: Fit) -> str:
    meta, options, record = fit["engine"], fit["options"], fit["record"]
    used = record.get("versions", {}).get(meta["extra"], "")
    library = f" ({meta['extra']} {used})" if used else ""
    parts = [
        f"Engine `{meta['name']}`{library}: {meta['summary']} {keys_of(meta)}",
        meta["pairing"],
        meta["test"],
        f"FDR: {meta['fdr_family']} {key_of(FALSE_DISCOVERY)}",
        f"genes: {record.get('filter', 'as the engine chooses')}",
        _choices(meta, options),
        *([f"shrunken estimates: {SHRUNKEN} {key_of(SHRINKAGE)}"] if shrinks(fit) else []),
        f"seed {options['seed']}",
    ]
    return " ".join(f"{part[:1].upper()}{part[1:]}." for part in parts)


def _choices(meta: dict[str, Any], options: dict[str, Any]) -> str:
    """Return what this run chose among what its engine offers."""
    if "reference" in meta.get("takes", ("reference",)):
        return f"reference curve of this run: {options['reference']}{_tested(options)}"
    priors = [name for name in ("trend", "robust") if options.get(name)]
    said = f"prior variance of this run: {' and '.join(priors) or 'one for all genes'}{_tested(options)}"
    return f"{said}; libraries weighed by their quality" if options.get("array_weights") else said


def _tested(options: dict[str, Any]) -> str:
    """Return what the test compares with, nothing for the Wald test against no change."""
    threshold, claim = options.get("lfc_threshold", 0), options.get("alternative", "greaterAbs")
    if options.get("test") == "lrt":
        return "; test: likelihood ratio of the model with and without the contrast"
    return f"; the p-values test {CLAIMS[claim]} {threshold:g} log2" if threshold or claim != "greaterAbs" else ""


def fits(records: list[Fit]) -> list[str | Grid]:
    """Return what every fit took from all genes together, as tables."""
    blocks: list[str | Grid] = []
    counted = [fit for fit in records if "dispersion_prior_df" in fit["record"]]
    moderated = [fit for fit in records if "df_prior" in fit["record"]]
    header: tuple[str, ...]
    if counted:
        header = ("fit", "genes fitted", "residual df", "prior df", "dispersion trend")
        rows = tuple(tuple(Cell(text) for text in _fit(fit)) for fit in counted)
        blocks += [f"Dispersions, by fit: {PRIOR_DF}", Grid(header, rows, (False, True, True, True, False))]
    if moderated:
        header = ("fit", "genes fitted", "residual df", "prior df", "prior variance", "shared by a patient's libraries")
        rows = tuple(tuple(Cell(text) for text in _moderated(fit)) for fit in moderated)
        blocks += [f"Variances, by fit: {PRIOR_DF}", Grid(header, rows, (False, True, True, True, True, False))]
    return blocks


def _moderated(fit: Fit) -> list[str]:
    record = fit["record"]
    sizes = [whole(record.get(key)) for key in ("n_genes_fitted", "residual_df")]
    correlation = record.get("consensus_correlation")
    shared = (
        "fixed columns"
        if correlation is None
        else f"correlation {correlation:.3g}, random block {key_of(RANDOM_BLOCK)}"
    )
    return [str(fit["fit_id"]), *sizes, _spread(record["df_prior"]), _spread(record["s2_prior"]), shared]


def _spread(value: Any) -> str:
    """Return a number, the word for an infinite one, or the median and range where genes differ."""
    if isinstance(value, dict):
        return f"{_spread(value['median'])} ({_spread(value['min'])} to {_spread(value['max'])})"
    return value if isinstance(value, str) else f"{value:.3g}"


def _fit(fit: Fit) -> list[str]:
    record = fit["record"]
    sizes = [whole(record.get(key)) for key in ("n_genes_fitted", "residual_df")]
    return [str(fit["fit_id"]), *sizes, decimal(record["dispersion_prior_df"]), _trend(record["dispersion_trend"])]


def _trend(trend: dict[str, Any]) -> str:
    if trend["type"] == "parametric":
        return f"{trend['asymptotic']:.3g} + {trend['extra_poisson']:.3g} / mean"
    return f"{plain(trend['type'])}, {trend['mean']:.3g}" if "mean" in trend else plain(trend["type"])
