"""Counts and designs of the reference studies: ``python tests/reference/make_counts.py``; `make.R` then asks R.

Everything here is synthetic: negative binomial counts from seeded NumPy generators, no measured value among them. Each
study is a folder with `counts.csv.gz` (genes x libraries), `design.csv` (libraries x coefficients), `reduced.csv` (the
design without its last columns) and `contrasts.csv` (questions x coefficients).
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def paired(weeks: dict[str, list[int]]) -> pd.DataFrame:
    """Return one column per patient, and one week-1 column per group of patients; baseline first, no intercept."""
    n = sum(len(members) for members in weeks.values())
    matrix = pd.DataFrame(
        np.vstack([np.eye(n), np.eye(n)]),
        index=[f"P{i + 1}_{time}" for time in ("baseline", "week1") for i in range(n)],
        columns=[f"P{i + 1}" for i in range(n)],
    )
    for name, members in weeks.items():
        matrix[name] = np.r_[np.zeros(n), np.isin(np.arange(n), members)].astype(float)
    return matrix


def two_compartments(n: int) -> pd.DataFrame:
    """Return patient x compartment, patient x week 1, and the week 1 of the gland beyond that of the epidermis."""
    libraries = [(i, part, week) for part in ("epidermis", "gland") for week in (0, 1) for i in range(n)]
    matrix = pd.DataFrame(index=[f"P{i + 1}_{part}_{('baseline', 'week1')[week]}" for i, part, week in libraries])
    for part in ("epidermis", "gland"):
        for i in range(n):
            matrix[f"P{i + 1}_{part}"] = [float(library[:2] == (i, part)) for library in libraries]
    for i in range(n):
        matrix[f"P{i + 1}_week1"] = [float(library[0] == i and library[2]) for library in libraries]
    matrix["week1_gland"] = [float(part == "gland" and week) for _, part, week in libraries]
    return matrix


def unpaired(n_baseline: int, n_week1: int) -> pd.DataFrame:
    """Return an intercept and a week-1 column, no patients: rows repeat, so Cook's distances can act."""
    names = [f"baseline_{i + 1}" for i in range(n_baseline)] + [f"week1_{i + 1}" for i in range(n_week1)]
    return pd.DataFrame({"intercept": 1.0, "week1": np.repeat([0.0, 1.0], [n_baseline, n_week1])}, index=names)


def simulate(
    design: pd.DataFrame, n_genes: int, n_effects: int, rng: np.random.Generator, *, rising: bool = False
) -> pd.DataFrame:
    """Return counts with a patient or baseline level per gene and an effect of 15 % of the genes on the last columns.

    The true dispersion follows asymptote + noise / mean with scatter around it, and 3 % of the genes lie far above;
    `rising` makes it grow with the mean instead, which no such curve can follow.
    """
    n_levels = design.shape[1] - n_effects
    log_mean = rng.normal(4.5, 2.0, n_genes)
    beta = np.zeros((n_genes, design.shape[1]))
    beta[:, :n_levels] = rng.normal(0, 0.3, (n_genes, n_levels))
    if design.columns[0] == "intercept":
        beta[:, 0] = 0
    changed = rng.random((n_genes, n_effects)) < 0.15
    beta[:, n_levels:] = changed * rng.normal(0, 1.2, (n_genes, n_effects))
    mean = np.exp(log_mean)
    trend = 0.02 * mean**0.5 if rising else 0.04 + 2.5 / mean
    dispersion = trend * np.exp(rng.normal(0, 0.9, n_genes))
    dispersion[rng.random(n_genes) < (0 if rising else 0.03)] *= 12
    depth = np.exp(rng.normal(0, 0.3, len(design)))
    mu = np.exp(log_mean[:, None] + beta @ design.to_numpy().T) * depth
    size = 1 / dispersion[:, None]
    counts = rng.negative_binomial(size, size / (size + mu))
    return pd.DataFrame(counts, index=[f"gene{g + 1:05d}" for g in range(n_genes)], columns=design.index)


def with_corners(counts: pd.DataFrame, design: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the counts with genes at the edge of what can be fitted in the first hundred rows."""
    X = counts.to_numpy().copy()
    week1 = design.filter(regex="^week1").to_numpy() > 0
    X[:10] = 0
    for g in range(10, 20):  # one read in the whole study
        X[g] = 0
        X[g, rng.integers(X.shape[1])] = 1
    X[20:40] = rng.poisson(0.3, (20, X.shape[1]))
    X[np.ix_(range(40, 55), np.flatnonzero(week1[:, -1]))] = 0  # absent at week 1 in the last group
    X[np.ix_(range(55, 70), np.flatnonzero(week1.any(axis=1)))] = 0  # absent at week 1 in everyone
    X[70:80] = rng.poisson(50, (10, X.shape[1]))  # no more than counting noise
    X[80:85] *= 1000
    return pd.DataFrame(X, index=counts.index, columns=counts.columns)


def with_outliers(counts: pd.DataFrame, libraries: list[int], rng: np.random.Generator) -> pd.DataFrame:
    """Return the counts with each of these libraries at a fifth of its depth, and forty of its genes at x 100."""
    X = counts.to_numpy().copy()
    for library in libraries:
        X[:, library] = rng.binomial(X[:, library], 0.2)
        genes = rng.choice(np.flatnonzero(np.median(X, axis=1) > 5), 40, replace=False)
        X[genes, library] = np.maximum(X[genes, library], 1) * 100
    return pd.DataFrame(X, index=counts.index, columns=counts.columns)


def write(
    name: str, counts: pd.DataFrame, design: pd.DataFrame, contrasts: dict[str, dict[str, float]], n_effects: int = 1
) -> None:
    """Write one study; the same bytes at every call."""
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    with gzip.GzipFile(folder / "counts.csv.gz", "wb", mtime=0) as file:
        file.write(counts.to_csv().encode())
    design.to_csv(folder / "design.csv")
    design.iloc[:, :-n_effects].to_csv(folder / "reduced.csv")
    weights = pd.DataFrame(contrasts).T.reindex(columns=design.columns).fillna(0.0)
    weights.to_csv(folder / "contrasts.csv", index_label="question")


def main() -> None:
    """Write every study."""
    rng = np.random.default_rng(20240701)
    sexes = paired({"week1_female": [0, 1, 2, 3], "week1_male": [4, 5, 6]})
    counts = with_corners(simulate(sexes, 2500, 2, rng), sexes, rng)
    female, male = {"week1_female": 1.0}, {"week1_male": 1.0}
    difference = {"week1_female": -1.0, "week1_male": 1.0}
    write("sex_by_timepoint", counts, sexes, {"female": female, "male": male, "male_vs_female": difference}, 2)

    parts = two_compartments(7)
    write("compartments", simulate(parts, 2000, 8, rng), parts, {"gland_vs_epidermis": {"week1_gland": 1.0}})

    week1 = {"week1": {"week1": 1.0}}
    for name, n_genes, design, outliers in [
        ("outlier_paired", 1500, paired({"week1": list(range(7))}), [9]),
        ("outlier_replaced", 2000, unpaired(8, 8), [11]),
        ("outlier_flagged", 1500, unpaired(4, 4), [5]),
        ("outlier_mixed", 1500, unpaired(8, 4), [3, 10]),
    ]:
        write(name, with_outliers(simulate(design, n_genes, 1, rng), outliers, rng), design, week1)

    few = paired({"week1": list(range(6))})
    write("few_genes", simulate(few, 60, 1, rng, rising=True), few, week1)
    for name, n_genes, n in [("low_df", 2500, 4), ("three_pairs", 1500, 3)]:
        small = paired({"week1": list(range(n))})
        write(name, with_corners(simulate(small, n_genes, 1, rng), small, rng), small, week1)


if __name__ == "__main__":
    main()
