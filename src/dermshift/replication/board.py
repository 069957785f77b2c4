"""The board: every table over all studies, put together in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.errors import DermshiftError, Problem
from dermshift.replication.agreement import CONFIGURED, agreement, couples, means, no_patterns
from dermshift.replication.effects import declared_sets, gene_effects, items, set_effects
from dermshift.replication.left_out import left_out_study
from dermshift.replication.platforms import platforms
from dermshift.replication.pooled import meta
from dermshift.replication.results import ordered
from dermshift.replication.same_data import look_alike, same_data
from dermshift.replication.signs import signs
from dermshift.replication.symbols import configured
from dermshift.replication.verdicts import verdicts
from dermshift.replication_names import DISCOVERY, REPLICATION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dermshift.replication.results import Results


ACROSS = " ".join(
    (
        "Arrays compress large changes, so across kinds of measurement only signs and ranks are compared and nothing",
        "is pooled.",
    )
)


@dataclass(frozen=True)
class Board:
    """Tables by name (`replication_names.TABLES`), facts in plain values, and changes to be drawn.

    Parameters
    ----------
    pairs
        One row per question, discovery, replication study and shared gene: ``x`` and ``y`` are the mean changes,
        ``called`` and ``configured`` say what the gene is.
    """

    tables: dict[str, pd.DataFrame]
    facts: dict[str, Any]
    pairs: pd.DataFrame


def board(
    studies: Sequence[Results], members: Mapping[str, Sequence[str]], *, alpha: float = 0.05, seed: int = 0
) -> Board:
    """Lay finished studies side by side.

    Parameters
    ----------
    members
        Approved symbols of the genes of each declared set.

    Raises
    ------
    DermshiftError
        Two studies hold the same patients, or there is nothing to compare.
    """
    one_after_another = ordered(list(studies))
    if problems := [*_too_few(one_after_another), *same_data(one_after_another)]:
        raise DermshiftError.of(problems)
    questions = question_ids(one_after_another)
    symbols, names = configured(one_after_another), declared_sets(one_after_another)
    genes = gene_effects(one_after_another, questions, symbols)
    sets = set_effects(one_after_another, questions, names)
    effects = items(genes, sets)
    pools = {study.label: study.pool for study in one_after_another}
    visits = {study.label: study.study.timepoints.after for study in one_after_another}
    wanted = {CONFIGURED: symbols, **{name: members[name] for name in names if name in members}}
    tables = {
        "genes": genes,
        "sets": sets,
        "verdicts": verdicts(effects),
        "signs": signs(effects),
        "agreement": agreement(one_after_another, questions, wanted, alpha=alpha, seed=seed),
        "meta": meta(effects, pools, visits),
        "left_out_study": left_out_study(effects, pools),
        "platforms": platforms(one_after_another, symbols),
    }
    return Board(
        tables, facts(one_after_another, questions, alpha, seed), pairs(one_after_another, questions, symbols, alpha)
    )


def _too_few(studies: Sequence[Results]) -> list[Problem]:
    if len(studies) > 1:
        return []
    return [Problem("board", f"{len(studies)} study", "two or more studies", "Name further finished studies.")]


def question_ids(studies: Sequence[Results]) -> list[str]:
    """Return every question any study asks, those of the first study first; random blocks are sensitivity runs."""
    cards = [card for study in studies for card in study.cards if not card.get("block")]
    return list(dict.fromkeys(card["id"] for card in cards))


def facts(studies: Sequence[Results], questions: Sequence[str], alpha: float, seed: int) -> dict[str, Any]:
    """Return what the tables do not hold, in plain values."""
    return {
        "alpha": alpha,
        "seed": seed,
        "synthetic": any(study.study.synthetic for study in studies),
        "studies": [_study(study) for study in studies],
        "questions": [_question(question, studies) for question in questions],
        "warnings": [*_differences(studies), *look_alike(studies)],
    }


def _study(study: Results) -> dict[str, Any]:
    told = study.study
    return {
        "label": study.label, "role": study.role, "name": told.name, "platform": study.platform, "scale": told.scale,
        "comparison": told.comparison, "before": told.timepoints.before, "after": told.timepoints.after,
        "n_patients": int(told.sheet["patient"].nunique()), "n_samples": len(told.sheet), "n_rows": len(study.symbols),
        "synthetic": told.synthetic, "sources": [vars(source) for source in told.sources],
    }  # fmt: skip


def _question(question: str, studies: Sequence[Results]) -> dict[str, Any]:
    asking = [study for study in studies if study.n_pairs(question) is not None]
    card = asking[0].card(question)
    kept = {name: card[name] for name in ("id", "title", "kind", "column", "levels", "within", "before", "after")}
    numbers = {study.label: study.n_pairs(question) for study in asking}
    return kept | {"n_pairs": numbers, "not_asked": [study.label for study in studies if study not in asking]}


def _differences(studies: Sequence[Results]) -> list[str]:
    """Say in what the studies differ that a reader has to know before the numbers."""
    said = []
    roles = {study.role for study in studies}
    if DISCOVERY not in roles:
        said.append("No study is marked as discovery: nothing is compared with one, replication studies are pooled.")
    if REPLICATION not in roles:
        said.append("No study is marked as replication: nothing can be replicated here.")
    kinds = sorted({study.platform for study in studies})
    if len(kinds) > 1:
        said.append(f"Measured in several ways: {', '.join(kinds)}. {ACROSS}")
    for name, values in (("visits", _visits(studies)), ("what was compared", {s.study.comparison for s in studies})):
        if len(values) > 1:
            said.append(f"The studies differ in {name}: {', '.join(sorted(values))}.")
    return said


def _visits(studies: Sequence[Results]) -> set[str]:
    return {f"{study.study.timepoints.after} vs {study.study.timepoints.before}" for study in studies}


def pairs(studies: Sequence[Results], questions: Sequence[str], symbols: Sequence[str], alpha: float) -> pd.DataFrame:
    """Return the mean change of every shared gene in discovery (x) and replication (y)."""
    parts = []
    for question in questions:
        for one, other in couples(studies, question):
            if no_patterns(one, question) or no_patterns(other, question):
                continue
            both = pd.DataFrame({"x": means(one, question), "y": means(other, question)}).dropna().sort_index()
            called = one.symbols.loc[one.called(question, alpha), "symbol"]
            names = {"question": question, "discovery": one.label, "replication": other.label}
            marks = {"called": both.index.isin(called), "configured": both.index.isin(symbols)}
            parts.append(both.rename_axis("gene_symbol").reset_index().assign(**names, **marks))
    columns = ["question", "discovery", "replication", "gene_symbol", "x", "y", "called", "configured"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
