"""The sex the genes speak of agrees with the sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.checks.finding import Finding, capped, judged, listed, nearest
from dermshift.checks.sex_gap import FEMALE, INDETERMINATE, MALE, SEX_WORDS, part_samples
from dermshift.checks.sex_levels import by_sex, cpm_levels, log2_levels, telling
from dermshift.errors import Problem
from dermshift.names import SEX

if TYPE_CHECKING:
    import numpy.typing as npt

    from dermshift.checks.finding import Verdict
    from dermshift.checks.views import MatrixView

CHECK = "sex_concordance"


@dataclass(frozen=True)
class _Said:
    """What the genes say: levels (samples x genes) with their unit, a call per sample, or why there is none."""

    levels: pd.DataFrame
    unit: str
    calls: pd.Series[str]
    reason: str = ""
    how: str = ""


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
    """Recorded sex and sex genes agree in every sample; a mismatch stops questions by sex unless it is acknowledged.

    Counts are judged by the limits of the sex genes, log2 values by the gap between the samples (`sex_gap`).
    """
    missing = _not_possible(view)
    said = None if missing or view.sex_genes is None else _said(view, view.sex_genes)
    if SEX not in view.sheet:
        return _unrecorded(said)
    if said is None:
        return Finding(CHECK, "note", f"cannot be checked: {missing}")
    if said.reason:
        return Finding(CHECK, "note", f"cannot be told: {said.reason}")
    return _compared(view, said)


def _said(view: MatrixView, sex_genes: pd.DataFrame) -> _Said:
    levels = _levels(view, sex_genes)
    if view.scale == "counts":
        return _Said(levels, "CPM", sex_calls(levels, sex_genes))
    parted = part_samples(levels, by_sex(sex_genes))
    return _Said(levels, "log2", parted.calls, parted.reason, f"; sex genes parted at a gap of {parted.gap:.1f} log2")


def _levels(view: MatrixView, sex_genes: pd.DataFrame) -> pd.DataFrame:
    if view.scale == "counts":
        return cpm_levels(view.values, view.genes, sex_genes)
    with np.errstate(all="ignore"):  # values without a logarithm are reported by their own check
        values = view.decision.on_scale(view.values.to_numpy(float))
    on_scale = pd.DataFrame(values, index=view.values.index, columns=view.values.columns)
    return log2_levels(on_scale, view.genes, telling(sex_genes))


def _unrecorded(said: _Said | None) -> Finding:
    """Say what the genes say where the sheet says nothing; it helps to fill the sheet but is no record."""
    text = "cannot be checked: the study has no sex column"
    if said is None:
        return Finding(CHECK, "note", text)
    if said.reason:
        return Finding(CHECK, "note", f"{text}, and the genes do not tell: {said.reason}")
    female, male, unsure = (int((said.calls == call).sum()) for call in (FEMALE, MALE, INDETERMINATE))
    rest = f" and leave {unsure} indeterminate" if unsure else ""
    text += f"; the genes part the samples into {female} female and {male} male{rest}"
    per_sample = {str(name): f"genes say {call}" for name, call in said.calls.items()}
    return Finding(CHECK, "note", f"{text}; an expression pattern is not a record", (), per_sample)


def _compared(view: MatrixView, said: _Said) -> Finding:
    """Compare the calls with the sheet."""
    calls = said.calls
    recorded = view.sheet[SEX].reindex(calls.index).str.lower().map(SEX_WORDS)
    known = recorded.notna()
    clear = known & (calls != INDETERMINATE)
    states = pd.Series("concordant", index=calls.index, dtype=object)
    states[clear & (calls != recorded)] = "discordant"
    states[known & (calls == INDETERMINATE)] = "indeterminate"
    states[~known] = "recorded as neither male nor female"
    discordant = [str(name) for name in states.index[states == "discordant"]]
    problems = [_problem(view, name, said) for name in discordant]
    new = [p for p, name in zip(problems, discordant, strict=True) if name not in view.spec.acknowledged]
    refused = bool(new) and SEX in view.asked
    verdict: Verdict = "error" if refused else "ok" if (states == "concordant").all() else "warning"
    per_sample = {str(sample): str(state) for sample, state in states.items()}
    shown = tuple(capped(new if refused else problems))
    return Finding(CHECK, verdict, _summary(states) + said.how, shown, per_sample)


def _summary(states: pd.Series[str]) -> str:
    """Count the concordant samples and name all others."""
    named = {str(state): group.index for state, group in states.groupby(states) if state != "concordant"}
    parts = [f"{(states == 'concordant').sum()} of {len(states)} samples concordant"]
    return "; ".join(parts + [f"{state} {len(names)}: {listed(names)}" for state, names in sorted(named.items())])


def _not_possible(view: MatrixView) -> str:
    if view.sex_genes is None:
        return "no sex genes are named in the config"
    if view.scale is None:
        return "whether the values are counts or log2 is not clear"
    levels = _levels(view, view.sex_genes)
    found = set(view.sex_genes.loc[view.sex_genes["gene_symbol"].isin(levels.columns), "sex"])
    return "" if found == {FEMALE, MALE} else f"sex genes in the matrix: {listed(levels.columns) or 'none'}"


def _problem(view: MatrixView, sample: str, said: _Said) -> Problem:
    levels = ", ".join(f"{gene} {value:.3g}" for gene, value in said.levels.loc[sample].items())
    return Problem(
        f"{view.spec.samples}, sample {sample}",
        f"recorded {view.sheet[SEX][sample]}, genes say {said.calls[sample]} ({said.unit}: {levels})",
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
