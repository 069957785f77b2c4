"""The sex the genes speak of agrees with the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.checks.finding import Finding, capped, judged, listed, nearest
from dermshift.errors import Problem
from dermshift.names import SEX

if TYPE_CHECKING:
    import numpy.typing as npt

    from dermshift.checks.finding import Verdict
    from dermshift.checks.views import MatrixView

CHECK = "sex_concordance"
FEMALE, MALE, INDETERMINATE = "female", "male", "indeterminate"
WORDS = {
    **dict.fromkeys(("f", "female", "w", "woman", "women"), FEMALE),
    **dict.fromkeys(("m", "male", "man", "men"), MALE),
}
"""How a sheet may write the two sexes, in lower case."""


def sex_gene_cpm(view: MatrixView) -> pd.DataFrame:
    """Return counts per million of the sex genes in the matrix: samples x gene symbols; empty where there are none.

    A gene is found by Ensembl id, then by symbol; of several rows the highest counts.
    """
    if view.sex_genes is None:
        return pd.DataFrame(index=view.values.index)
    counts = view.values.to_numpy()
    library = np.nansum(counts, axis=1)
    per_million = 1e6 / np.where(library > 0, library, np.nan)
    names, symbols = view.genes.index.to_numpy(object), view.genes["gene_symbol"].to_numpy(object)
    columns = {}
    for symbol, ensembl in zip(view.sex_genes["gene_symbol"], view.sex_genes["ensembl_id"], strict=True):
        by_id = names == ensembl
        hits = by_id if ensembl and by_id.any() else (names == symbol) | (symbols == symbol)
        if hits.any():
            with np.errstate(invalid="ignore"):  # infinite values are reported by their own check
                columns[str(symbol)] = counts[:, hits].max(axis=1) * per_million
    return pd.DataFrame(columns, index=view.values.index)


def sex_calls(levels: pd.DataFrame, sex_genes: pd.DataFrame) -> pd.Series[str]:
    """Return female, male or indeterminate per sample.

    Female: most female genes reach their ``high_cpm`` and none falls below its ``low_cpm``, while most male genes
    are below their ``low_cpm`` and none reaches its ``high_cpm``; male the reverse. A gene without the limit in
    question, or absent from the matrix, does not vote; both sides need a vote.
    """
    limits = sex_genes.set_index("gene_symbol").reindex(levels.columns)
    states = {}
    for sex in (FEMALE, MALE):
        own = limits["sex"] == sex
        values = levels.loc[:, own.to_numpy()].to_numpy()
        raised = _votes(values >= limits.loc[own, "high_cpm"].to_numpy(float), limits.loc[own, "high_cpm"])
        silent = _votes(values < limits.loc[own, "low_cpm"].to_numpy(float), limits.loc[own, "low_cpm"])
        states[sex] = ((raised > 0.5) & (silent == 0), (silent > 0.5) & (raised == 0))
    female = states[FEMALE][0] & states[MALE][1]
    male = states[MALE][0] & states[FEMALE][1]
    calls = np.where(female, FEMALE, np.where(male, MALE, INDETERMINATE))
    return pd.Series(calls, index=levels.index, dtype=object)


def _votes(yes: npt.NDArray[np.bool_], limits: pd.Series[float]) -> npt.NDArray[np.float64]:
    """Return the share of genes with a limit that vote yes, per sample; 0 where no gene has one."""
    voters = int(limits.notna().sum())
    share: npt.NDArray[np.float64] = yes.sum(axis=1) / max(voters, 1)
    return share


def check_sex_concordance(view: MatrixView) -> Finding:
    """Recorded sex and sex genes agree in every sample; a mismatch stops questions by sex unless it is acknowledged."""
    reason = _not_possible(view)
    if reason or view.sex_genes is None:
        return Finding(CHECK, "note", f"cannot be checked: {reason}")
    levels = sex_gene_cpm(view)
    calls = sex_calls(levels, view.sex_genes)
    recorded = view.sheet[SEX].reindex(levels.index).str.lower().map(WORDS)
    known = recorded.notna()
    clear = known & (calls != INDETERMINATE)
    states = pd.Series("concordant", index=levels.index, dtype=object)
    states[clear & (calls != recorded)] = "discordant"
    states[known & (calls == INDETERMINATE)] = "indeterminate"
    states[~known] = "recorded as neither male nor female"
    discordant = [str(name) for name in states.index[states == "discordant"]]
    problems = [_problem(view, name, levels.T[name], str(calls[name])) for name in discordant]
    new = [p for p, name in zip(problems, discordant, strict=True) if name not in view.spec.acknowledged]
    refused = bool(new) and SEX in view.asked
    verdict: Verdict = "error" if refused else "ok" if (states == "concordant").all() else "warning"
    per_sample = {str(sample): str(state) for sample, state in states.items()}
    return Finding(CHECK, verdict, _summary(states), tuple(capped(new if refused else problems)), per_sample)


def _summary(states: pd.Series[str]) -> str:
    """Count the concordant samples and name all others."""
    named = {str(state): group.index for state, group in states.groupby(states) if state != "concordant"}
    parts = [f"{(states == 'concordant').sum()} of {len(states)} samples concordant"]
    return "; ".join(parts + [f"{state} {len(names)}: {listed(names)}" for state, names in sorted(named.items())])


def _not_possible(view: MatrixView) -> str:
    if SEX not in view.sheet:
        return "the study has no sex column"
    if view.sex_genes is None:
        return "no sex genes are named in the config"
    if view.scale != "counts":
        return "the limits are counts per million and the values are no raw counts"
    levels = sex_gene_cpm(view)
    found = set(view.sex_genes.loc[view.sex_genes["gene_symbol"].isin(levels.columns), "sex"])
    return "" if found == {FEMALE, MALE} else f"sex genes in the matrix: {listed(levels.columns) or 'none'}"


def _problem(view: MatrixView, sample: str, levels: pd.Series[float], call: str) -> Problem:
    cpm = ", ".join(f"{gene} {value:.3g}" for gene, value in levels.items())
    return Problem(
        f"{view.spec.samples}, sample {sample}",
        f"recorded {view.sheet[SEX][sample]}, genes say {call} (CPM: {cpm})",
        "recorded sex and sex genes agree",
        f"Check for swapped samples; correct the sheet, or list {sample} under acknowledged to go on.",
    )


def check_acknowledged(view: MatrixView) -> Finding:
    """Every acknowledged sample is a sample of the sheet."""
    samples = [str(name) for name in view.sheet.index]
    problems = [
        Problem("acknowledged", f"'{name}'{nearest(name, samples)}", "a sample of the sheet", "Correct the name.")
        for name in view.spec.acknowledged
        if name not in samples
    ]
    return judged("acknowledged", problems, f"acknowledged samples: {listed(view.spec.acknowledged) or 'none'}")
