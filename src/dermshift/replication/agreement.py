"""Signs and ranks of many genes in two studies, and one number per patient that a p-value may rest on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from dermshift.paired.exact import flip_tests
from dermshift.paired.moderated import t_tests
from dermshift.replication_names import AGREEMENT_COLUMNS, DISCOVERY, REPLICATION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dermshift.paired.changes import Changes
    from dermshift.replication.results import Results

LEAST_GENES = 5
"""For a rank correlation."""
ALL, CALLED, CONFIGURED = "all shared tested genes", "called in the discovery", "configured"
NO_GENE = "no gene of the group was tested in both studies"


def agreement(
    studies: Sequence[Results],
    questions: Sequence[str],
    groups: Mapping[str, Sequence[str]],
    *,
    alpha: float,
    seed: int,
) -> pd.DataFrame:
    """Return signs and ranks of every pair of discovery and replication; columns `AGREEMENT_COLUMNS`.

    Parameters
    ----------
    groups
        Approved symbols of the genes named in advance, by the name of their group.
    """
    rows: list[dict[str, Any]] = []
    for question in questions:
        for one, other in couples(studies, question):
            start = {"question": question, "discovery": one.label, "replication": other.label}
            rows += [start | row for row in _rows(one, other, question, groups, alpha, seed)]
    return pd.DataFrame(rows, columns=[column.name for column in AGREEMENT_COLUMNS])


def couples(studies: Sequence[Results], question: str) -> list[tuple[Results, Results]]:
    """Return every discovery study with every replication study that asks the same question."""
    asked = [study for study in studies if question in study.tables]
    ones, others = ([study for study in asked if study.role == role] for role in (DISCOVERY, REPLICATION))
    return [(one, other) for one in ones for other in others]


def _rows(
    one: Results, other: Results, question: str, groups: Mapping[str, Sequence[str]], alpha: float, seed: int
) -> list[dict[str, Any]]:
    reasons = [f"{study.label}: {reason}" for study in (one, other) if (reason := no_patterns(study, question))]
    if reasons:
        return [_no_row(ALL, "; ".join(reasons))]
    x, y = means(one, question), by_symbol(other, question)
    shared = sorted(set(x.index) & set(y.values.columns))
    called = set(one.symbols.loc[one.called(question, alpha), "symbol"])
    wanted = {**{name: set(members) for name, members in groups.items()}, CALLED: called, ALL: set(shared)}
    kept = {name: [symbol for symbol in shared if symbol in members] for name, members in wanted.items()}
    return [_row(name, x[own], y, seed) if own else _no_row(name, NO_GENE) for name, own in kept.items()]


def _row(name: str, x: pd.Series, y: Changes, seed: int) -> dict[str, Any]:
    own = replace(y, values=y.values[list(x.index)])
    observed = estimate(own)
    same = int((np.sign(observed) == np.sign(x)).sum())
    return {
        "genes": name, "n_genes": len(x), "n_same_sign": same, "share_same_sign": same / len(x),
        "rho": spearman(x, observed), **along(x, own, seed),
    }  # fmt: skip


def along(x: pd.Series, y: Changes, seed: int) -> dict[str, Any]:
    """Return the patients' mean change along the discovery's signs, with interval and exact p.

    Genes go together, so neither the share of equal signs nor rho has a p of its own: 100 genes that move as one would
    count as 100 witnesses. One number per patient, the mean of the changes with the discovery's sign, has: the signs
    come from other patients, and signs (or labels) of whole patients keep all that genes have in common.
    """
    one = replace(y, values=pd.DataFrame({"along": (y.values * np.sign(x)).mean(axis=1)}))
    t, exact = t_tests(one, moderated=False).iloc[0], flip_tests(one, seed=seed).iloc[0]
    numbers = {"along": t["estimate"], "ci_lower": t["ci_lower"], "ci_upper": t["ci_upper"]}
    return numbers | {"p_value": exact["p_value"], "floor": exact["floor"], "note": exact["note"] or "NA"}


def spearman(x: pd.Series, y: pd.Series) -> float:
    """Return Spearman's rho; NaN below `LEAST_GENES` genes or where either does not vary."""
    a, b = (rankdata(values) - (len(values) + 1) / 2 for values in (x, y))
    length = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / length if len(x) >= LEAST_GENES and length > 0 else float("nan")


def no_patterns(study: Results, question: str) -> str:
    """Say why a study gives no changes to compare in a question; "" where it does."""
    if question not in study.changes:
        return study.no_changes.get(question, "its changes cannot be taken")
    return study.changes[question].no_patterns


def by_symbol(study: Results, question: str) -> Changes:
    """Return the changes of the rows that stand for their gene, patients x approved symbols."""
    found, symbols = study.changes[question], study.standing.to_dict()
    kept = [gene for gene in found.values.columns if gene in symbols]
    return replace(found, values=found.values[kept].set_axis([symbols[gene] for gene in kept], axis=1))


def estimate(changes: Changes) -> pd.Series:
    """Return the mean change of every item, or the difference of two means."""
    values, first = changes.values, changes.first
    found: pd.Series = values.mean() if first is None else values[first].mean() - values[~first].mean()
    return found


def means(study: Results, question: str) -> pd.Series:
    """Return the mean change of every gene a study tested, index approved symbol."""
    return estimate(by_symbol(study, question))


def _no_row(name: str, note: str) -> dict[str, Any]:
    numbers = dict.fromkeys(("share_same_sign", "rho", "along", "ci_lower", "ci_upper", "p_value", "floor"), np.nan)
    return {"genes": name, "n_genes": 0, "n_same_sign": 0, "note": note} | numbers
