"""How often null genes look changed: ``python benchmarks/calibration.py [seed ...]``.

Draws the synthetic study with each seed, tests response and sex difference in one compartment against both
reference curves, and prints Markdown rows: genes called at FDR 5 %, how many of them have no planted change, and
the share of null genes below p = .05, .001 and .0001 over its nominal value (1 = calibrated).

With ``--export FOLDER SEED`` it writes what the response is fitted to, for ``Rscript calibration.R FOLDER``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from anndata import AnnData

from dermshift.design import Ask, library_values, plan, tested_genes
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


def export(seed: int, folder: Path) -> None:
    """Write counts, libraries and null genes of the response."""
    study, planted = draw(seed)
    design = next(d for d in plan(study.sheet, study.timepoints, [Ask("compartment")]) if d.question.id == QUESTIONS[0])
    counts = library_values(study, design).loc[:, tested_genes(study)].astype(int)
    folder.mkdir(parents=True, exist_ok=True)
    counts.T.to_csv(folder / "counts.csv")
    design.libraries[["patient", "timepoint"]].to_csv(folder / "libraries.csv")
    (folder / "null.txt").write_text("\n".join(gene for gene in counts if gene not in planted) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--export"]:
        export(int(sys.argv[3]), Path(sys.argv[2]))
        sys.exit()
    print("| seed | question | curve | called | of them null | .05 | .001 | .0001 |\n|---|---|---|---|---|---|---|---|")
    for text in sys.argv[1:] or ["20"]:
        print("\n".join(rows(int(text))), flush=True)
