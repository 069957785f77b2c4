"""Sets of weighted genes, residual effects as R leaves them or aligned: ``python benchmarks/enrichment_weights.py``.

Counts of seven patients in two compartments, no difference of responses, through voom on the 28 x 22 matrix; a set of
100 among 1,000 genes shares an inter-gene correlation of .2. Libraries and coefficients stand in another order in every
draw. Prints Markdown: the share of draws with p < .05, and the correlation that camera estimates. Two minutes.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from dermshift.engines.voom.precision import precision
from dermshift.enrich import Asked
from dermshift.enrich.competitive import competitions
from dermshift.enrich.effects import effects
from dermshift.enrich.rotation import rotations
from dermshift.paired.changes import Changes

N, N_GENES, N_SET, CORRELATION = 7, 1000, 100, 0.2


def matrix() -> np.ndarray:
    """Return patient x compartment, patient x week 1, and week 1 of the first compartment: 28 x 22."""
    place, week = np.repeat(np.eye(2 * N), 2, axis=0), np.tile([[0.0], [1.0]], (2 * N, 1))
    patient = np.tile(np.eye(N), (2, 1)).repeat(2, axis=0)
    return np.hstack([place, patient * week, week * (np.arange(4 * N) < 2 * N)[:, None]])


def draw(rng: np.random.Generator) -> Asked:
    """Return a question whose answer is that nothing differs."""
    shared = np.where(np.arange(N_GENES) < N_SET, np.sqrt(CORRELATION), 0)
    noise = shared * rng.normal(size=(4 * N, 1)) + np.sqrt(1 - shared**2) * rng.normal(size=(4 * N, N_GENES))
    level = rng.normal(6.5, 1.5, N_GENES) + rng.normal(0, 0.4, (2 * N, N_GENES)).repeat(2, axis=0) + 0.6 * noise
    mean = 2**level * np.exp(rng.normal(0, 0.5, (4 * N, 1)))
    rows, columns = rng.permutation(4 * N), rng.permutation(3 * N + 1)
    turned = matrix()[np.ix_(rows, columns)]
    found = precision(rng.negative_binomial(50, 50 / (50 + mean))[rows].T.astype(float), turned)
    nothing = pd.DataFrame()
    return Asked(
        table=nothing, sets=(), values=pd.DataFrame(found.values.T), matrix=turned,
        contrast=np.eye(3 * N + 1)[3 * N][columns], weights=pd.DataFrame(found.weights.T), changes=Changes(nothing),
        differences=nothing, expression=nothing,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1000)
    draws = parser.parse_args().draws
    found: dict[str, list[tuple[float, float, float, float]]] = {"as R": [], "aligned": []}
    for i in range(draws):
        asked = draw(np.random.default_rng([11, i]))
        for name, kept in found.items():
            reduced = effects(asked, aligned=name == "aligned")
            by_itself, against = (test(reduced, [np.arange(N_SET)]) for test in (rotations, competitions))
            p = by_itself["p_value"][0], by_itself["p_value_mixed"][0], against["p_value"][0]
            kept.append((*p, against["correlation"][0]))
    print("| residual effects | fry | fry, mixed | camera | estimated correlation, 5 % / median / 95 % |")
    print("|---|---|---|---|---|")
    for name, kept in found.items():
        p, correlation = np.array(kept)[:, :3], np.array(kept)[:, 3]
        share = (p <= 0.05).mean(axis=0)
        levels = " | ".join(f"{s:.3f} ({np.sqrt(s * (1 - s) / draws):.3f})" for s in share)
        print(f"| {name} | {levels} | {' / '.join(f'{q:.2f}' for q in np.quantile(correlation, [0.05, 0.5, 0.95]))} |")


if __name__ == "__main__":
    main()
