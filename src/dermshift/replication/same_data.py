"""The same patients in two studies: a series and its super-series, or one matrix under two names."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from dermshift.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    import pandas as pd

    from dermshift.replication.results import Results

    Array = npt.NDArray[np.float64]

MATRIX = "matrix"
SAME, ALIKE = 0.9999, 0.999
"""Correlation over genes of two samples: the same values but for scaling; two preparations of one person's sample.

Samples of different people stay below: .960 in the synthetic studies, .996 at most in 43 liver arrays of one series.
"""
CHECK = "Make sure that no patient is in both."
LEAST_GENES = 100
"""Shared genes a correlation of two samples rests on."""
ACTION = "Take one of the two out of the table of studies: patients count once."


def same_data(studies: Sequence[Results]) -> list[Problem]:
    """Return a problem for every two studies that were read from one file or hold the same samples."""
    problems = []
    for one, other in combinations(studies, 2):
        where, expected = f"studies '{one.label}' and '{other.label}'", "studies of different patients"
        if shared := sorted(_files(one) & _files(other)):
            problems.append(Problem(where, f"the same matrix (sha256 {shared[0][:12]}...)", expected, ACTION))
        elif pairs := list(alike(one, other, SAME)):
            a, b, r = pairs[0]
            found = f"{len(pairs)} pairs of samples with the same values, e.g. '{a}' and '{b}' (r = {r:.5f})"
            problems.append(Problem(where, found, expected, ACTION))
    return problems


def look_alike(studies: Sequence[Results]) -> list[str]:
    """Return a sentence for every two studies with samples that are more alike than those of two people."""
    said = []
    for one, other in combinations(studies, 2):
        if pairs := list(alike(one, other, ALIKE)):
            a, b, r = pairs[0]
            what = f"{len(pairs)} pairs of samples are as alike as two preparations of one person's sample"
            said.append(f"{one.label} and {other.label}: {what}, e.g. {a} and {b} (r = {r:.4f}). {CHECK}")
    return said


def _files(study: Results) -> set[str]:
    return {source.sha256 for source in study.study.sources if source.role == MATRIX}


def alike(one: Results, other: Results, least: float) -> Iterator[tuple[str, str, float]]:
    """Yield samples of two studies that correlate by `least` or more over the genes both measured."""
    first, second = _by_symbol(one), _by_symbol(other)
    shared = sorted(set(first.columns) & set(second.columns))
    if len(shared) < LEAST_GENES:
        return
    r = _standard(first[shared]) @ _standard(second[shared]).T
    for a, b in zip(*np.nonzero(r >= least), strict=True):
        yield str(first.index[a]), str(second.index[b]), float(r[a, b])


def _by_symbol(study: Results) -> pd.DataFrame:
    symbols = study.standing
    return study.expression[list(symbols.index)].set_axis(list(symbols), axis=1)


def _standard(frame: pd.DataFrame) -> Array:
    values = frame.to_numpy(float)
    values = values - values.mean(axis=1, keepdims=True)
    length = np.sqrt((values**2).sum(axis=1, keepdims=True))
    return np.asarray(np.divide(values, length, out=np.zeros_like(values), where=length > 0))
