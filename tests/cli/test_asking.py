"""What every enrichment method is handed: libraries, and the way from them to the patients' changes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData

from dermshift.cli.asking import asked_of, libraries_of, tested_of
from dermshift.design import Ask, plan
from dermshift.enrich import SetOptions
from dermshift.enrich.set_score import METHODS
from dermshift.genes import GeneRegistry, GeneSet
from dermshift.names import DE_COLUMNS
from dermshift.study import Study, Timepoints
from dermshift.tables import require_de

TIMES = Timepoints("baseline", "week1")
GENES = [f"E{i:02d}" for i in range(40)]
ROWS = [
    (f"P{i}{time}{place}", f"P{i}", time, "male" if i > 4 else "female", place)
    for i in (3, 7, 1, 5, 2, 6, 4)
    for time in (TIMES.after, TIMES.before)
    for place in ("gland", "epidermis")
]
SHEET = pd.DataFrame(ROWS, columns=["sample", "patient", "timepoint", "sex", "compartment"]).set_index("sample")
DESIGNS = plan(SHEET, TIMES, [Ask(), Ask("sex"), Ask("compartment")])


def study_of(scale: str) -> Study:
    rng = np.random.default_rng(4)
    values = rng.negative_binomial(5, 0.02, (len(SHEET), 40)) if scale == "counts" else rng.normal(8, 1, (28, 40))
    genes = pd.DataFrame({"gene_symbol": [f"S{i}" for i in range(40)], "gene_id_original": GENES}, index=GENES)
    return Study("asking", AnnData(values.astype(float), obs=SHEET, var=genes), scale, TIMES)


def table_of() -> pd.DataFrame:
    frame = pd.DataFrame({column.name: np.nan for column in DE_COLUMNS}, index=range(40)).astype(object)
    symbols = [f"S{i}" for i in range(40)]
    frame = frame.assign(gene_id=GENES, gene_symbol=symbols, statistic=np.linspace(3, -3, 40), n_pairs=7, flag=None)
    return require_de(frame.assign(rank=pd.NA, status=np.where(np.arange(40) < 35, "tested", "outlier")), "test")


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.question.id)
@pytest.mark.parametrize("scale", ["log2", "counts"])
def test_the_weights_of_the_libraries_lead_to_the_changes(design, scale) -> None:
    sets = [GeneSet("a", "c", "", ("S1", "S7", "S39"))]
    study, table = study_of(scale), table_of()
    asked = asked_of(study, design, table, libraries_of(study, design, table, sets, GeneRegistry(), SetOptions()))
    assert asked.differences.index.equals(asked.changes.values.index)
    assert asked.differences.columns.equals(asked.values.index)
    assert list(asked.changes.values.columns) == list(asked.values.columns) == GENES[:35]
    assert [item.tested for item in asked.sets] == [("E01", "E07")]
    taken = asked.differences.to_numpy() @ asked.values.to_numpy()
    if scale == "log2":
        np.testing.assert_allclose(taken, asked.changes.values.to_numpy(), atol=1e-12)
    # Values of voom and log2 CPM differ by the normalisation of each library, the same for all genes.
    apart = taken - asked.changes.values.to_numpy()
    np.testing.assert_allclose(apart - apart.mean(axis=1, keepdims=True), 0, atol=1e-3)


def test_questions_of_one_fit_share_libraries_and_scores() -> None:
    study, table = study_of("counts"), table_of()
    sets = [GeneSet("a", "c", "", ("S1", "S7", "S39")), GeneSet("b", "c", "", ("S2", "S3", "S4", "S5", "S6"))]
    first, *others = DESIGNS
    options = SetOptions(min_size=2)
    shared = libraries_of(study, first, table, sets, GeneRegistry(), options)
    assert shared.serve(first, tested_of(table))
    assert not shared.serve(first, tested_of(table)[1:])
    assert not any(shared.serve(design, tested_of(table)) for design in others if design.fit_id != first.fit_id)
    alone = [
        run_scores(asked_of(study, first, table, libraries_of(study, first, table, sets, GeneRegistry(), options)))
    ]
    asked = asked_of(study, first, table, shared)
    again = [run_scores(asked), run_scores(asked)]
    assert set(shared.scored) == {method.meta.name for method in METHODS}
    for found in again:
        pd.testing.assert_frame_equal(found, alone[0])


def run_scores(asked):
    return pd.concat([method.run(asked) for method in METHODS], ignore_index=True)
