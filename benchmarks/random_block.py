"""Fixed patients or a random block, sexes compared across compartments: ``python benchmarks/random_block.py``.

Simulates log2 values of 4 women and 3 men in three compartments under the model

    value = patient + patient x compartment + response of the patient + noise,

with the standard deviations of each row, and asks for the difference of the responses of men and women in each
compartment, once with a column per patient in a model of that compartment alone and once with patients as a random
block in one model of all compartments. Prints Markdown rows: the share of 4,000 null genes with p < .05 (1 % of
standard error .0035) and of 400 genes with a planted difference of 1.5 that are found.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from anndata import AnnData

from dermshift.design import Ask, plan
from dermshift.engines import EngineOptions, get
from dermshift.study import Study, Timepoints

PLACES = ("dermis", "epidermis", "gland")
N_GENES, N_PLANTED, PLANTED = 4400, 400, 1.5
CASES = {
    "patients alone": (1.0, 0.0, 0.0, (0.4, 0.4, 0.4)),
    "and patient x compartment": (0.6, 0.6, 0.0, (0.4, 0.4, 0.4)),
    "and responses that patients share across compartments": (0.6, 0.6, 0.3, (0.4, 0.4, 0.4)),
    "and one compartment twice as noisy": (0.6, 0.6, 0.3, (0.3, 0.3, 0.6)),
}
ASKS = {"fixed": Ask("sex", "compartment"), "random": Ask("sex", "compartment", "random")}


def draw(seed: int, patient: float, inside: float, shared: float, noise: tuple[float, ...]) -> Study:
    """Return a study of the model above; the last genes have the planted difference in every compartment."""
    rng = np.random.default_rng(seed)
    sheet = pd.DataFrame(
        [(f"P{i}", "female" if i < 4 else "male", k, t) for i in range(7) for k in PLACES for t in ("before", "after")],
        columns=["patient", "sex", "compartment", "timepoint"],
    )
    sheet.index = pd.Index(sheet.astype(str).agg("_".join, axis=1), name="sample")
    male, after = sheet["sex"].eq("male").to_numpy(), sheet["timepoint"].eq("after").to_numpy()
    cell = sheet["patient"] + sheet["compartment"]

    def effect(labels: pd.Series, sd: float) -> np.ndarray:
        levels, place = np.unique(labels, return_inverse=True)
        return rng.normal(0, sd, (len(levels), N_GENES))[place]

    values = 7 + effect(sheet["patient"], patient) + effect(cell, inside)
    values += effect(sheet["patient"], shared) * after[:, None]
    values += (
        rng.normal(size=values.shape)
        * sheet["compartment"].map(dict(zip(PLACES, noise, strict=True))).to_numpy()[:, None]
    )
    values[:, -N_PLANTED:] += PLANTED * (male & after)[:, None]
    genes = pd.DataFrame({"gene_symbol": "", "gene_id_original": ""}, index=[f"G{i}" for i in range(N_GENES)])
    return Study("random_block", AnnData(values, obs=sheet, var=genes), "log2", Timepoints("before", "after"))


def rows(name: str, case: tuple[float, float, float, tuple[float, ...]]) -> list[str]:
    """Return one Markdown row per model and compartment."""
    study = draw(1, *case)
    lines = []
    for block, ask in ASKS.items():
        designs = [d for d in plan(study.sheet, study.timepoints, [ask]) if d.question.kind == "difference"]
        for design in designs[0::2]:
            table = get("limma").run(study, [design], EngineOptions()).tables[design.question.id]
            low = (table["p_value"] < 0.05).to_numpy()
            found = f"{low[:-N_PLANTED].mean():.3f} | {low[-N_PLANTED:].mean():.2f}"
            lines.append(f"| {name} | {design.question.within[1]} | {block} | {found} |")
    return lines


if __name__ == "__main__":
    print("| what varies | compartment | patients | null, p < .05 | planted, p < .05 |\n|---|---|---|---:|---:|")
    for name, case in CASES.items():
        print("\n".join(rows(name, case)))
