"""Write the counts and the design of one benchmark study into a folder, for `engine_one.py` and `engine.R`.

``python benchmarks/engine_simulate.py FOLDER --genes 20000 --samples 28 --coefficients 9`` or ``FOLDER --airway PATH``.
The simulated study has lognormal means, dispersions scattered around .04 + 2.5 / mean, and a change at the later
timepoint in 15 % of the genes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd


def patients_compartment_timepoint() -> pd.DataFrame:
    """Return 28 libraries x 9 coefficients: seven patients, two compartments, two timepoints."""
    rows = [(patient, part, week) for patient in range(7) for part in (0, 1) for week in (0, 1)]
    matrix = pd.DataFrame({f"P{i + 1}": [float(row[0] == i) for row in rows] for i in range(7)})
    return matrix.assign(compartment=[float(row[1]) for row in rows], timepoint=[float(row[2]) for row in rows])


def patients_timepoint(samples: int, coefficients: int) -> pd.DataFrame:
    """Return one column per patient and one of the timepoint; patients have as many pairs as the samples allow."""
    patient = np.arange(samples) // 2 % (coefficients - 1)
    matrix = pd.DataFrame({f"P{i + 1}": (patient == i).astype(float) for i in range(coefficients - 1)})
    return matrix.assign(timepoint=np.arange(samples) % 2.0)


def compartment_difference(patients: int) -> pd.DataFrame:
    """Return 4 n libraries x 3 n + 1 coefficients: the difference of two compartments in their change."""
    rows = [(patient, part, week) for patient in range(patients) for part in (0, 1) for week in (0, 1)]
    columns = {f"P{i}_{k}": [float(row[:2] == (i, k)) for row in rows] for i in range(patients) for k in (0, 1)}
    columns |= {f"P{i}_week1": [float(row[0] == i and row[2] == 1) for row in rows] for i in range(patients)}
    return pd.DataFrame(columns).assign(week1_part=[float(row[1] * row[2]) for row in rows])


def simulated(design: pd.DataFrame, n_genes: int) -> np.ndarray:
    """Return libraries x genes."""
    rng = np.random.default_rng(7)
    mean = np.exp(rng.normal(4.5, 2.0, n_genes))
    dispersion = (0.04 + 2.5 / mean) * np.exp(rng.normal(0, 0.6, n_genes))
    beta = rng.normal(0, 0.3, (design.shape[1], n_genes))
    beta[-1] = (rng.random(n_genes) < 0.15) * rng.normal(0, 1.0, n_genes)
    depth = np.exp(rng.normal(0, 0.3, (len(design), 1)))
    mu = mean * np.exp(design.to_numpy() @ beta) * depth
    return rng.negative_binomial(1 / dispersion, 1 / (1 + mu * dispersion))


def airway(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return expressed genes of the airway study (libraries x genes), and cell lines with dexamethasone."""
    counts = pd.read_csv(folder / "counts.csv.gz", index_col=0)
    samples = pd.read_csv(folder / "samples.csv", index_col=0).loc[counts.columns]
    design = pd.get_dummies(samples["celltype"], dtype=float).assign(dex=(samples["dex"] == "treated").astype(float))
    return counts[counts.sum(axis=1) > 0].T, design


def chosen_design(samples: int, coefficients: int) -> pd.DataFrame:
    """Return the benchmark design of this size."""
    if (samples, coefficients) == (28, 9):
        return patients_compartment_timepoint()
    if samples % 4 == 0 and coefficients == 3 * samples // 4 + 1:
        return compartment_difference(samples // 4)
    return patients_timepoint(samples, coefficients)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--genes", type=int, default=20_000)
    parser.add_argument("--samples", type=int, default=28)
    parser.add_argument("--coefficients", type=int, default=9)
    parser.add_argument("--airway", type=Path)
    parser.add_argument("--text", help="also write the counts as text, which R reads, under this name")
    asked = parser.parse_args()
    if asked.airway:
        counts, design = airway(asked.airway)
    else:
        design = chosen_design(asked.samples, asked.coefficients)
        design.index = [f"library{i + 1}" for i in range(len(design))]
        genes = [f"gene{i + 1}" for i in range(asked.genes)]
        counts = pd.DataFrame(simulated(design, asked.genes), index=design.index, columns=genes)
    np.save(asked.folder / "counts.npy", counts.to_numpy("int64"))
    if asked.text:
        counts.T.to_csv(asked.folder / asked.text)
    design.to_csv(asked.folder / "design.csv")


if __name__ == "__main__":
    main()
