"""Correlated genes and sets of them: ``python tests/reference/make_enrichment.py``; `make_enrichment.R` then asks R.

Everything here is synthetic. `enrichment_log2` and `enrichment_counts` hold one matrix of seven patients in two
compartments each (`values.csv.gz`, genes x libraries), the sets (`sets.csv.gz`, one row per set and gene), and a folder
per question with `design.csv` (libraries x coefficients), `contrast.csv` and, with a random block, `block.csv`. With
counts `shuffled.csv` is the same design, libraries and coefficients in another order.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
from make_counts import two_compartments

HERE = Path(__file__).parent
FEMALE = ["P1", "P2", "P3", "P4"]
SIZES = {"one": 1, "two": 2, "five": 5, "fifty": 50, "two_hundred": 200}


def libraries() -> pd.DataFrame:
    """Return patient, compartment and visit of each library."""
    names = pd.Series(two_compartments(7).index)
    parts = names.str.split("_", expand=True).set_axis(["patient", "part", "visit"], axis=1)
    return parts.set_index(pd.Index(names, name="library"))


def questions(sheet: pd.DataFrame) -> dict[str, tuple[pd.DataFrame, dict[str, float]]]:
    """Return the design and the weights of each question."""
    skin = sheet[sheet["part"] == "epidermis"]
    patients = pd.get_dummies(skin["patient"]).astype(float)
    week = (skin["visit"] == "week1").astype(float)
    female = skin["patient"].isin(FEMALE)
    cells = pd.get_dummies(sheet["part"] + "_" + sheet["visit"]).astype(float)
    return {
        "response": (patients.assign(week1=week), {"week1": 1.0}),
        "sex": (
            patients.assign(week1_female=week * female, week1_male=week * ~female),
            {"week1_female": -1.0, "week1_male": 1.0},
        ),
        "compartment": (two_compartments(7), {"week1_gland": 1.0}),
        "random_block": (
            cells,
            {"gland_week1": 1.0, "gland_baseline": -1.0, "epidermis_week1": -1.0, "epidermis_baseline": 1.0},
        ),
    }


def sets(n_genes: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return genes by place: sets in a row, two that overlap, genes that correlate and change, and all genes."""
    ends = np.cumsum([0, *SIZES.values()])
    found = {name: np.arange(a, b) for name, a, b in zip(SIZES, ends[:-1], ends[1:], strict=True)}
    scattered = {f"scattered_{i}": np.sort(rng.choice(n_genes, 30, replace=False)) for i in range(4)}
    return found | {"overlapping": np.arange(30, 90)} | scattered | {"everything": np.arange(n_genes)}


def log2_levels(sheet: pd.DataFrame, n_genes: int, correlation: float, rng: np.random.Generator) -> np.ndarray:
    """Return levels (genes x libraries) in which the first 58 genes, and the next 200, correlate.

    The first 58 rise at week 1, in the gland more than in the epidermis and in men more than in women.
    """
    n = len(sheet)
    patient, place = pd.factorize(sheet["patient"])[0], pd.factorize(sheet["patient"] + sheet["part"])[0]
    levels = rng.normal(7.5, 1.5, (n_genes, 1)) + rng.normal(0, 0.5, (n_genes, patient.max() + 1))[:, patient]
    levels = levels + rng.normal(0, 0.3, (n_genes, place.max() + 1))[:, place]
    sd = np.sqrt(0.1 / rng.gamma(4, 1 / 4, (n_genes, 1)))
    shared = np.zeros((n_genes, 1))
    shared[:258] = np.sqrt(correlation)
    factor = np.repeat(rng.normal(0, 1, (2, n)), [58, n_genes - 58], axis=0)
    noise = sd * (shared * factor + np.sqrt(1 - shared**2) * rng.normal(0, 1, (n_genes, n)))
    rise = 0.15 + 0.2 * (sheet["part"] == "gland") + 0.25 * ~sheet["patient"].isin(FEMALE)
    planted = np.where(np.arange(n_genes)[:, None] < 58, rise.to_numpy() * (sheet["visit"] == "week1").to_numpy(), 0.0)
    return np.asarray(levels + noise + planted)


def write(name: str, values: np.ndarray, sheet: pd.DataFrame, asked: list[str], rng: np.random.Generator) -> None:
    """Write one study; the same bytes at every call."""
    folder = HERE / name
    genes = [f"g{i + 1:04d}" for i in range(len(values))]
    folder.mkdir(exist_ok=True)
    frame = pd.DataFrame(values, index=genes, columns=sheet.index)
    members = [(label, genes[i]) for label, places in sets(len(genes), rng).items() for i in places]
    save(frame.to_csv(), folder / "values.csv.gz")
    save(pd.DataFrame(members, columns=["set", "gene"]).to_csv(index=False), folder / "sets.csv.gz")
    for question in asked:
        design, weights = questions(sheet)[question]
        at = folder / question
        at.mkdir(exist_ok=True)
        design.to_csv(at / "design.csv")
        if name == "enrichment_counts":
            design.iloc[rng.permutation(len(design)), rng.permutation(design.shape[1])].to_csv(at / "shuffled.csv")
        pd.Series(weights, name="weight").reindex(design.columns).fillna(0.0).to_csv(at / "contrast.csv")
        if question == "random_block":
            sheet["patient"].to_csv(at / "block.csv")


def save(text: str, path: Path) -> None:
    """Write a compressed file without the time of writing."""
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write(text.encode())


def main() -> None:
    """Write both studies."""
    rng = np.random.default_rng(20250905)
    sheet = libraries()
    write("enrichment_log2", np.round(log2_levels(sheet, 500, 0.15, rng), 4), sheet, list(questions(sheet)), rng)
    mean = 2 ** (log2_levels(sheet, 700, 0.3, rng) - 1) * np.exp(rng.normal(0, 0.5, len(sheet)))
    counts = rng.negative_binomial(100, 100 / (100 + mean))
    write("enrichment_counts", counts, sheet, ["response", "sex", "compartment"], rng)


if __name__ == "__main__":
    main()
