"""How often null gene sets look changed: ``python benchmarks/enrichment_calibration.py [--draws 200]``.

Simulates the changes of seven patients without any response in 1,500 genes, of which five sets of 100 share an
inter-gene correlation each. Asks every method, and camera with its default correlation of .01 beside it; prints
Markdown: the share of sets with p <= .05 and <= .01, over all draws, and the share found where one set is shifted by
half a standard deviation of the changes. Log2 values (response, and 4 against 3 patients) and counts through voom. One
core, about eight minutes.

Exploratory methods are asked in the first ``--few`` draws only.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from dermshift.engines.voom.precision import precision
from dermshift.enrich import METHODS, Asked, SetOptions
from dermshift.enrich.base import SetGenes
from dermshift.enrich.effects import effects
from dermshift.fdr import benjamini_hochberg
from dermshift.genes import GeneSet
from dermshift.names import DE_COLUMNS
from dermshift.paired.changes import Changes
from dermshift.paired.moderated import t_tests
from dermshift.quality import log2_cpm
from dermshift.tables import require_de

N, N_GENES, N_SET, N_SETS = 7, 1500, 100, 5
CORRELATIONS, PLANTED_AT, SHIFT = (0.0, 0.05, 0.1, 0.2), 0.1, 0.5
GENES = [f"G{i:04d}" for i in range(N_GENES)]
PATIENTS = pd.Index([f"P{i + 1}" for i in range(N)], name="patient")
LIBRARIES = [f"{patient}_{visit}" for patient in PATIENTS for visit in ("before", "after")]
FEMALE = np.arange(N) < 4
MEMBERS = [tuple(GENES[i * N_SET : (i + 1) * N_SET]) for i in range(N_SETS)]
SETS = tuple(SetGenes(GeneSet(f"set {i}", "c", "", genes), genes) for i, genes in enumerate(MEMBERS))
QUESTIONS = {"response": None, "difference": FEMALE}
UNANSWERED = 2.0
DEFAULT = ("camera, correlation .01", "both")


def design(female: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Return matrix and contrast: patients, then week 1 of all, or of women and men."""
    week = np.tile([[0.0], [1.0]], (N, 1))
    group = np.repeat(np.ones(N, bool) if female is None else female, 2)[:, None]
    weeks = week if female is None else np.hstack([week * group, week * ~group])
    contrast = [1.0] if female is None else [1.0, -1.0]
    return np.hstack([np.repeat(np.eye(N), 2, axis=0), weeks]), np.r_[np.zeros(N), contrast]


def draw(rng: np.random.Generator, correlation: float, shift: float, female: np.ndarray | None) -> np.ndarray:
    """Return log2 levels, libraries x genes; the shift is that of the first set, in standard deviations of changes."""
    sd = np.sqrt(0.3 / rng.gamma(4, 1 / 4, N_GENES))
    of = np.arange(N_GENES) // N_SET
    factor = rng.normal(size=(N, N_GENES // N_SET))[:, of]
    shared = np.where(of < N_SETS, np.sqrt(correlation), 0)
    change = sd * (shared * factor + np.sqrt(1 - shared**2) * rng.normal(size=(N, N_GENES)))
    moved = np.ones(N) if female is None else female.astype(float)
    change += np.outer(moved, (of == 0) * shift * sd)
    before = rng.normal(7.5, 1.5, N_GENES) + rng.normal(0, 0.4, (N, N_GENES))
    return np.stack([before, before + change], axis=1).reshape(2 * N, N_GENES)


def question(levels: np.ndarray, female: np.ndarray | None, rng: np.random.Generator, *, counted: bool) -> Asked:
    """Return one question about these levels, as log2 values or as counts with the noise of sequencing."""
    matrix, contrast = design(female)
    values, weights = pd.DataFrame(levels, LIBRARIES, GENES), None
    expression = values
    if counted:
        mean = 2 ** (levels - 1) * np.exp(rng.normal(0, 0.3, (2 * N, 1)))
        counts = pd.DataFrame(rng.negative_binomial(50, 50 / (50 + mean)), LIBRARIES, GENES)
        found = precision(counts.to_numpy(float).T, matrix)
        values, weights = (pd.DataFrame(x.T, LIBRARIES, GENES) for x in (found.values, found.weights))
        expression = log2_cpm(counts)
    differences = pd.DataFrame(np.kron(np.eye(N), [-1.0, 1.0]), PATIENTS, LIBRARIES)
    group = None if female is None else pd.Series(np.where(female, "female", "male"), PATIENTS)
    taken = Changes(differences @ expression, group, () if female is None else ("female", "male"))
    return Asked(
        table=table(taken), sets=SETS, values=values, matrix=matrix, contrast=contrast, weights=weights, changes=taken,
        differences=differences, expression=expression, options=SetOptions(declared=frozenset({"c"})),
    )  # fmt: skip


def table(taken: Changes) -> pd.DataFrame:
    """Return the table of the moderated t of the changes: what prerank and overlap read."""
    found = t_tests(taken, moderated=True)
    frame = pd.DataFrame({column.name: np.nan for column in DE_COLUMNS}, index=range(N_GENES)).astype(object)
    frame = frame.assign(
        gene_id=GENES, gene_symbol=GENES, base_mean=100.0, log2_fold_change=found["estimate"], flag=None,
        statistic=found["statistic"], p_value=found["p_value"], fdr=benjamini_hochberg(found["p_value"].to_numpy()),
        n_pairs=N, rank=pd.array([pd.NA] * N_GENES, dtype="Int64"), status="tested",
    )  # fmt: skip
    return require_de(frame, "simulated")


def answers(asked: Asked, only: list[str], *, few: bool) -> pd.DataFrame:
    """Return p-values, sets x (method, direction); above 1 where a method does not answer."""
    methods = [m for m in METHODS if m.meta.name in only and (few or m.meta.role == "test")]
    rows = pd.concat([method.run(asked) for method in methods])
    found = rows.set_index(["set_name", "method", "direction"])["p_value"].unstack([1, 2])  # noqa: PD010 -- one each
    if "camera" in only:
        import pylimma

        reduced, sets = effects(asked), {item.gene_set.name: at for item, at in zip(SETS, asked.places, strict=True)}
        first = np.eye(reduced.shape[1])[:, :1]
        found[DEFAULT] = pylimma.camera(reduced, sets, first, contrast=0, sort=False)["p_value"]
    return found.fillna(UNANSWERED)


def cell(
    what: tuple[float, float, str], seed: int, given: argparse.Namespace, *, counted: bool = False
) -> pd.DataFrame:
    """Return p-values of all draws, of the shifted set alone if there is one; missing where a method was not asked."""
    (correlation, shift, asked), rows = what, []
    for i in range(given.draws if not shift else 2 * given.draws):
        rng = np.random.default_rng([seed, i])
        levels = draw(rng, correlation, shift, QUESTIONS[asked])
        found = answers(question(levels, QUESTIONS[asked], rng, counted=counted), given.only, few=i < given.few)
        rows.append(found.iloc[:1] if shift else found)
    return pd.concat(rows)


def shares(p: pd.DataFrame, limit: float) -> dict[tuple[str, str], str]:
    """Return the share of p-values up to a limit, and its standard error in brackets."""
    texts = {}
    for name in p:
        known = p[name].dropna()
        share = float((known <= limit).mean())
        text = f"{share:.3f} ({np.sqrt(share * (1 - share) / len(known)):.3f})"
        texts[name] = "no answer" if (known == UNANSWERED).all() else text
    return texts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--few", type=int, default=40)
    parser.add_argument("--only", nargs="*", default=[method.meta.name for method in METHODS], help="methods to ask")
    given = parser.parse_args()
    columns: dict[str, dict[tuple[str, str], str]] = {}
    plans = [(f"r {rho:g}", (rho, 0.0, "response"), False) for rho in CORRELATIONS]
    plans += [(f"4 against 3, r {rho:g}", (rho, 0.0, "difference"), False) for rho in (0.1, 0.2)]
    plans += [(f"counts, r {rho:g}", (rho, 0.0, "response"), True) for rho in (0.1,)]
    plans += [(f"power, r {PLANTED_AT:g}", (PLANTED_AT, SHIFT, "response"), False)]
    for seed, (title, what, counted) in enumerate(plans):
        p = cell(what, seed, given, counted=counted)
        columns |= {title: shares(p, 0.05)}
        if what[1] == 0 and title.startswith("r ") and what[0] in (0.1, 0.2):
            columns |= {f"{title}, p <= .01": shares(p, 0.01)}
        print(f"<!-- {title} done -->", flush=True)
    frame = pd.DataFrame(columns)
    print("| method | " + " | ".join(frame) + " |\n|---|" + "---|" * frame.shape[1])
    for (method, direction), row in frame.iterrows():
        name = method if direction == "both" else f"{method}, {direction}"
        print(f"| {name} | " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
