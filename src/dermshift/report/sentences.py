"""Sentences of the evidence, made from its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.checks.finding import listed
from dermshift.report.words import decimal, interval, percent, probability, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CHANGE_SHOWN = 1.0
"""Change (log2) for which the patients needed are named."""
SMALL_CHANGE = 0.5
"""Change (log2), declared and not estimated, for which it is said by how much estimates with a low p exceed it."""


def flip_sentence(title: str, null: Mapping[str, Any], alpha: float) -> str:
    """Return how many genes and sets are found, and how often chance alone yields as many."""
    if null["reason"] or null["n_genes"] is None:
        return f"{title}: cannot be answered: {null['reason']}."
    found = f"{title}: {whole(null['n_genes'])} of {whole(null['n_tested'])} genes at FDR {percent(alpha)}, exact p "
    said = f"{found}{probability(null['p_genes'])} over {whole(null['n_patterns'])} patterns"
    if null.get("n_sets") is not None:
        said += f"; {whole(null['n_sets'])} of {whole(null['n_tested_sets'])} declared sets, exact p "
        said += probability(null["p_sets"])
    return f"{said}. The smallest p these patients can give is {probability(null['floor'])}."


def power_sentence(title: str, row: Mapping[Any, Any], seen: Any) -> str:
    """Return the smallest change found with 80 % power beside what was seen, and the patients a change needs."""
    if pd.isna(row["mde"]):
        return f"{title}, {row['label']}: cannot be answered."
    who = f"{whole(row['n_a'])} patients"
    if pd.notna(row["n_b"]):
        who = f"{whole(row['n_a'])} and {whole(row['n_b'])} patients"
    was = "" if seen is None or pd.isna(seen) else f" (seen: {decimal(seen)})"
    more = "" if pd.isna(row["n_b"]) else " per level"
    count = row[f"pairs_for_{CHANGE_SHOWN:g}"]
    needs = "more than 1,000" if pd.isna(count) else whole(count)
    said = (
        f"{title}, {row['label']}: {who} find a change of {decimal(row['mde'])} log2 with 80 % power{was}, genome-wide"
    )
    said += f" {decimal(row['mde_genome_wide'])}; {CHANGE_SHOWN:g} log2 needs {needs} patients{more}"
    factor = row[f"exaggeration_{SMALL_CHANGE:g}"]
    if pd.notna(factor):
        said += (
            f"; if the change is {SMALL_CHANGE:g} log2, estimates with p < 0.05 are {decimal(factor)} times as large"
        )
    return f"{said}."


def difference_sentence(title: str, row: Mapping[Any, Any]) -> str:
    """Return a difference card under the title of its question, which names the levels."""
    return f"{title}: {str(row['sentence']).partition(': ')[2]}."


def identity_sentences(table: pd.DataFrame) -> list[str]:
    """Return how many samples are closest to their partner, and every sample that is not beyond doubt."""
    if not len(table):
        return []
    first = int((table["rank_of_partner"] == 1).fillna(value=False).sum())
    counts = {verdict: int((table["verdict"] == verdict).sum()) for verdict in ("ok", "unclear", "warning")}
    said = ", ".join(f"{whole(n)} {verdict}" for verdict, n in counts.items())
    lines = [f"{whole(first)} of {whole(len(table))} samples are closest to their own partner; verdicts: {said}."]
    doubtful = table[table["verdict"] != "ok"].sort_values("verdict", ascending=False)
    alike = doubtful.groupby(["verdict", "evidence"], sort=False)["sample"]
    return lines + [f"{listed(samples)}: {verdict}: {evidence}." for (verdict, evidence), samples in alike]


def weight_sentence(title: str, weights: pd.DataFrame, rows: Sequence[Mapping[Any, Any]], reason: Any) -> str:
    """Return the smallest weight, and what the judged genes are where doubtful samples count less."""
    if reason or not len(weights) or weights["weight"].isna().all():
        return f"{title}: cannot be answered: {reason or 'no weights'}."
    least = weights.sort_values("weight", kind="stable").iloc[0]
    said = f"{title}: weights {decimal(least['weight'])} ({least['library']}) to {decimal(weights['weight'].max())}"
    for row in rows:
        ends = interval(row["ci_lower"], row["ci_upper"])
        said += f"; {row['label']} {decimal(row['estimate'])} log2 (95 % CI {ends}, p = {probability(row['p_value'])})"
    return f"{said}."
