"""Log2 values and designs of the limma studies: ``python tests/reference/make_log2.py``; `make_limma.R` then asks R.

Everything here is synthetic. Each study is a folder with `values.csv.gz` (genes x libraries), `design.csv` and
`questions.csv` (patients as columns), and `cells.csv`, `cell_questions.csv` and `block.csv` (patients as a random block
in a matrix with one column per cell).
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
from make_counts import paired, two_compartments

HERE = Path(__file__).parent


def simulate(design: pd.DataFrame, n_genes: int, n_effects: int, noisy: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return values with a patient level per gene and an effect of 15 % of the genes on the last columns.

    The variance falls with the mean and scatters around that trend, 3 % of the genes lie far above it, and one library
    is twice as noisy as the others: plain, trended, robust and weighted fits all give different answers.
    """
    n_levels = design.shape[1] - n_effects
    mean = rng.normal(7.5, 2.0, n_genes)
    beta = np.zeros((n_genes, design.shape[1]))
    beta[:, :n_levels] = rng.normal(0, 0.4, (n_genes, n_levels))
    changed = rng.random((n_genes, n_effects)) < 0.15
    beta[:, n_levels:] = changed * rng.normal(0, 1.0, (n_genes, n_effects))
    variance = 0.08 * np.exp(-0.25 * (mean - 7.5)) / rng.gamma(4, 1 / 4, n_genes)
    variance[rng.random(n_genes) < 0.03] *= 15
    spread = np.where(design.index == noisy, 2.0, 1.0)
    noise = rng.normal(0, 1, (n_genes, len(design))) * spread * np.sqrt(variance)[:, None]
    values = np.round(mean[:, None] + beta @ design.to_numpy().T + noise, 4)  # the file holds exactly what R fits
    return pd.DataFrame(values, index=[f"probe{g + 1:04d}_at" for g in range(n_genes)], columns=design.index)


def cell_means(labels: pd.Series) -> pd.DataFrame:
    """Return one 0/1 column per cell."""
    return pd.DataFrame({name: (labels == name).astype(float) for name in sorted(labels.unique())})


def write(
    name: str, values: pd.DataFrame, design: pd.DataFrame, questions: dict[str, dict[str, float]],
    cells: pd.Series, cell_questions: dict[str, dict[str, float]],
) -> None:  # fmt: skip
    """Write one study; the same bytes at every call."""
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    with gzip.GzipFile(folder / "values.csv.gz", "wb", mtime=0) as file:
        file.write(values.to_csv().encode())
    block = pd.Series([library.split("_")[0] for library in design.index], index=design.index, name="patient")
    block.to_csv(folder / "block.csv")
    for stem, matrix, asked in (("", design, questions), ("cell_", cell_means(cells), cell_questions)):
        matrix.to_csv(folder / ("cells.csv" if stem else "design.csv"))
        weights = pd.DataFrame(asked).T.reindex(columns=matrix.columns).fillna(0.0)
        weights.to_csv(folder / f"{stem}questions.csv", index_label="question")


def hard_blocks(rng: np.random.Generator) -> None:
    """Write genes on which the search for a correlation needs its damping: heavy tails, whole numbers, many zeros."""
    block = list("AAABBCCCCDEEFFF")
    names = [f"L{i + 1:02d}" for i in range(len(block))]
    belongs = np.array([[float(label == name) for name in sorted(set(block))] for label in block])
    matrix = pd.DataFrame({"intercept": 1.0, "after": np.arange(15) % 2, "dose": rng.normal(0, 1, 15)}, index=names)
    shared = rng.standard_t(1.5, (400, belongs.shape[1])) @ belongs.T * rng.choice([0, 0.1, 1, 10], (400, 1))
    values = np.round(0.3 * rng.standard_t(1.2, (400, 15)) + shared, 4)
    values[:80] = np.round(values[:80])
    values[80:160] *= rng.random((80, 15)) < 0.2
    varying = values.max(axis=1) > values.min(axis=1)
    folder = HERE / "limma_hard_blocks"
    folder.mkdir(exist_ok=True)
    matrix.round(3).to_csv(folder / "design.csv")
    weights = np.round(rng.uniform(0.3, 3, 15), 3)
    pd.DataFrame({"patient": block, "weight": weights}, index=names).to_csv(folder / "block.csv")
    with gzip.GzipFile(folder / "values.csv.gz", "wb", mtime=0) as file:
        file.write(pd.DataFrame(values[varying], columns=names).to_csv().encode())


def main() -> None:
    """Write every study."""
    rng = np.random.default_rng(20250301)
    sexes = paired({"week1_female": [0, 1, 2, 3], "week1_male": [4, 5, 6]})
    male = sexes[["P5", "P6", "P7"]].sum(axis=1) > 0
    cells = pd.Series(np.where(male, "male", "female"), index=sexes.index) + "_" + sexes.index.str.split("_").str[1]
    write(
        "limma_sex_by_timepoint", simulate(sexes, 600, 2, "P3_week1", rng), sexes,
        {"female": {"week1_female": 1.0}, "male": {"week1_male": 1.0},
         "male_vs_female": {"week1_female": -1.0, "week1_male": 1.0}},
        cells,
        {"male_vs_female": {"male_week1": 1.0, "male_baseline": -1.0, "female_week1": -1.0, "female_baseline": 1.0}},
    )  # fmt: skip
    parts = two_compartments(7)
    places = pd.Series(["_".join(library.split("_")[1:]) for library in parts.index], index=parts.index)
    write(
        "limma_compartments", simulate(parts, 500, 8, "P2_gland_week1", rng), parts,
        {"gland_vs_epidermis": {"week1_gland": 1.0}},
        places,
        {"gland_vs_epidermis": {"gland_week1": 1.0, "gland_baseline": -1.0, "epidermis_week1": -1.0,
                                "epidermis_baseline": 1.0},
         "gland": {"gland_week1": 1.0, "gland_baseline": -1.0}},
    )  # fmt: skip
    hard_blocks(rng)


if __name__ == "__main__":
    main()
