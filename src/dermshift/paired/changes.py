"""The change of each patient: the one table on which every statement about the evidence rests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.design.build import MIN_PAIRS
from dermshift.design.slope import MIN_PATIENTS, MIN_VALUES
from dermshift.errors import DesignError, Problem
from dermshift.names import COMPARTMENT, PATIENT, TIMEPOINT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from dermshift.design.model import Design

LOG2_CPM = "log2 CPM"

NEARLY_CONSTANT = 1e-24
"""Variances below this share of the mean square are rounding: the values do not vary."""


@dataclass(frozen=True)
class Changes:
    """Changes between the visits, one row per patient.

    Parameters
    ----------
    values
        Patients x items (genes, or sets of them), log2, rows sorted by patient: after minus before; for a difference
        of compartments (visits) the change in the first minus the change in the second.
    group
        Index patient, the label of each: for a difference between patients (a minus b), where the estimand is
        mean(a) - mean(b). None where the estimand is the mean over the patients.
    levels
        (a, b) for two groups, else ().
    unit
        Scale of the values the changes were taken of.
    covariate
        Index patient, the number of each: the estimand is then the slope of the changes on it. None elsewhere.
    """

    values: pd.DataFrame
    group: pd.Series | None = None
    levels: tuple[str, ...] = ()
    unit: str = LOG2_CPM
    covariate: pd.Series | None = None

    @property
    def patients(self) -> list[str]:
        """Patients, in row order."""
        return [str(patient) for patient in self.values.index]

    @property
    def first(self) -> npt.NDArray[np.bool_] | None:
        """Which rows belong to the first of two groups; None for a question of one sample."""
        return None if self.group is None else (self.group == self.levels[0]).to_numpy(bool)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Patients in each group: (n,) or (n_a, n_b)."""
        first = self.first
        return (len(self.values),) if first is None else (int(first.sum()), int((~first).sum()))

    @property
    def reason(self) -> str:
        """Why these patients cannot answer the question; "" where they can."""
        if self.covariate is not None:
            return too_flat(self.covariate)
        return too_few(self.sizes, self.levels)

    @property
    def no_patterns(self) -> str:
        """Why neither signs can be flipped nor labels dealt anew; "" where one of them can."""
        return self.reason or ("a slope has neither signs to flip nor labels to deal" * (self.covariate is not None))

    def without(self, patient: str) -> Changes:
        """Return the changes of all other patients."""
        group = None if self.group is None else self.group.drop(patient)
        covariate = None if self.covariate is None else self.covariate.drop(patient)
        return replace(self, values=self.values.drop(index=patient), group=group, covariate=covariate)


def too_few(sizes: Sequence[int], levels: Sequence[str] = ()) -> str:
    """Say that a group has fewer than `MIN_PAIRS` patients; "" where none has."""
    names = [f" in {level}" for level in levels] or [""]
    short = [f"{n} patient{'' if n == 1 else 's'}{name}" for n, name in zip(sizes, names, strict=True) if n < MIN_PAIRS]
    return f"{' and '.join(short)}, at least {MIN_PAIRS} needed" if short else ""


def too_flat(covariate: pd.Series) -> str:
    """Say that a slope has too few patients or different numbers to rest on; "" where it has enough."""
    n, different = len(covariate), covariate.nunique()
    if n >= MIN_PATIENTS and different >= MIN_VALUES:
        return ""
    return f"{n} patients with {different} different numbers, at least {MIN_PATIENTS} and {MIN_VALUES} needed"


def item_notes(changes: Changes) -> pd.Series:
    """Say of each item why it cannot be tested: a missing value, or no variation between the patients; else ""."""
    values = changes.values.to_numpy(float)
    whole = np.isfinite(values).all(axis=0)
    notes = np.full(values.shape[1], "", dtype=object)
    notes[constant(np.where(whole, values, 0), changes.first)] = "the same change in every patient"
    notes[~whole] = "a value is missing"
    return pd.Series(notes, index=changes.values.columns)


def constant(values: npt.NDArray[np.float64], first: npt.NDArray[np.bool_] | None) -> npt.NDArray[np.bool_]:
    """Return which columns do not vary within any group, apart from rounding."""
    groups = [values] if first is None else [values[first], values[~first]]
    within = sum(((part - part.mean(axis=0)) ** 2).sum(axis=0) for part in groups if len(part))
    return np.asarray(within <= NEARLY_CONSTANT * (values**2).sum(axis=0))


def changes(design: Design, expression: pd.DataFrame, *, unit: str = LOG2_CPM) -> Changes:
    """Take the changes that answer the question of a design.

    Parameters
    ----------
    expression
        Libraries x genes, log2; the index holds every library of the design.
    unit
        Scale of `expression`, e.g. ``log2 intensity``.

    Raises
    ------
    DesignError
        A library of the design is not in `expression`.
    """
    pairs = design.pairs
    missing = sorted({*pairs["before"], *pairs["after"]} - set(expression.index))
    if missing:
        expected = "expression values of every library of the design"
        action = "Hand in the values the design was planned for."
        found = f"no values of {', '.join(missing)}"
        raise DesignError(Problem(f"question {design.question.id}", found, expected, action))
    difference = expression.loc[pairs["after"]].to_numpy(float) - expression.loc[pairs["before"]].to_numpy(float)
    patients = pd.Index(pairs[PATIENT].astype(str), name=PATIENT)
    taken = pd.DataFrame(difference, index=patients, columns=expression.columns)
    return _for_question(design, taken, unit)


def _for_question(design: Design, taken: pd.DataFrame, unit: str) -> Changes:
    question, pairs = design.question, design.pairs
    if question.kind == "slope":
        numbers = design.libraries.loc[pairs["before"], question.column].astype(float).to_numpy()
        covariate = pd.Series(numbers, taken.index)
        return Changes(taken.sort_index(), unit=unit, covariate=covariate.sort_index())
    if question.kind == "response":
        return Changes(taken.sort_index(), unit=unit)
    if not question.of_patients:
        # The visit of a pair is that of its later library.
        label = pairs[COMPARTMENT] if question.column == COMPARTMENT else _visit_of(design)
        parts = [taken[(label.to_numpy() == level)].sort_index() for level in question.levels]
        return Changes(parts[0] if len(parts) == 1 else parts[0] - parts[1], unit=unit)
    labels = pd.Series(design.libraries.loc[pairs["before"], question.column].astype(str).to_numpy(), taken.index)
    kept = labels.isin(question.levels).to_numpy()
    values, group = taken[kept].sort_index(), labels[kept].sort_index()
    if question.kind == "response_within":
        return Changes(values, unit=unit)
    return Changes(values, group, question.levels, unit)


def _visit_of(design: Design) -> pd.Series:
    """Return the visit each pair leads to."""
    visit: pd.Series = design.libraries.loc[design.pairs["after"], TIMEPOINT]
    return visit.reset_index(drop=True)


def set_changes(changes: Changes, sets: Mapping[str, Sequence[str]]) -> Changes:
    """Average the changes over the genes of each set: a set is one more item, the patient stays the unit.

    Parameters
    ----------
    sets
        Gene ids of each set; those among the items of `changes` with a value in every patient count, once each. A set
        without any has missing values.
    """
    whole = changes.values.loc[:, changes.values.notna().all(axis=0)]
    found = {name: [gene for gene in dict.fromkeys(genes) if gene in whole] for name, genes in sets.items()}
    means = {name: whole[genes].mean(axis=1) for name, genes in found.items()}
    return replace(changes, values=pd.DataFrame(means, index=changes.values.index, dtype=float))
