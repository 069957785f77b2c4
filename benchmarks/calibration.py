"""How often null genes look changed: ``python benchmarks/calibration.py [seed ...]``.

Draws the synthetic study with each seed, tests response and sex difference in one compartment against both
reference curves, and prints Markdown rows: genes called at FDR 5 %, how many of them have no planted change, and
the share of null genes below p = .05, .001 and .0001 over its nominal value (1 = calibrated).
"""

from __future__ import annotations

import sys

from anndata import AnnData

from dermshift.design import Ask, plan
from dermshift.engines import EngineOptions, get
from dermshift.simulate import Settings, simulate
from dermshift.study import Study, Timepoints

COMPARTMENT = "sebaceous_gland"
QUESTIONS = (f"response_compartment_{COMPARTMENT}", f"difference_sex_male_vs_female_in_{COMPARTMENT}")


def draw(seed: int) -> tuple[Study, set[str]]:
    """Return a simulated study and the genes with a planted change anywhere."""
    drawn = simulate(Settings(seed=seed))
    sheet, counts = drawn.sheet, drawn.counts.copy()
    names = counts.pop("gene_name")
    genes = names.to_frame("gene_symbol").assign(gene_id_original=counts.index)
    adata = AnnData(counts.T.loc[sheet.index].astype(float).to_numpy(), obs=sheet, var=genes)
    planted = drawn.truth.loc[drawn.truth["log2_fold_change"].astype(float) != 0, "gene_id"]
    return Study("calibration", adata, "counts", Timepoints("baseline", "week1"), synthetic=True), set(planted)


def rows(seed: int) -> list[str]:
    """Return one Markdown row per question and curve."""
    study, planted = draw(seed)
    asks = [Ask("compartment"), Ask("sex", "compartment")]
    designs = [d for d in plan(study.sheet, study.timepoints, asks) if d.question.id in QUESTIONS]
    lines = []
    for design in designs:
        for curve in ("t", "normal"):
            options = EngineOptions(reference=curve, shrink=False)
            table = get("deseq2").run(study, [design], options).tables[design.question.id]
            null = ~table["gene_id"].isin(planted) & (table["status"] == "tested")
            called = table["fdr"] < 0.05
            tail = [f"{(table.loc[null, 'p_value'] < a).mean() / a:.2f}" for a in (0.05, 0.001, 0.0001)]
            counts = f"{called.sum()} | {(called & null).sum()}"
            lines.append(f"| {seed} | `{design.question.id}` | {curve} | {counts} | {' | '.join(tail)} |")
    return lines


if __name__ == "__main__":
    print("| seed | question | curve | called | of them null | .05 | .001 | .0001 |\n|---|---|---|---|---|---|---|---|")
    for text in sys.argv[1:] or ["20"]:
        print("\n".join(rows(int(text))), flush=True)
