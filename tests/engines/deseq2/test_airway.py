"""Four cell lines with and without dexamethasone, against R DESeq2 1.38.3 on the same counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dermshift.design import Ask, plan
from dermshift.engines import EngineOptions, get
from dermshift.study import Study, Timepoints

pytestmark = [pytest.mark.real_data, pytest.mark.slow]


@pytest.fixture(scope="module")
def airway(real_data):
    from anndata import AnnData

    counts = pd.read_csv(real_data / "airway" / "counts.csv.gz", index_col=0)
    sheet = pd.read_csv(real_data / "airway" / "samples.csv", dtype=str)
    sheet = sheet.rename(columns={"id": "sample", "dex": "timepoint", "celltype": "patient"}).set_index("sample")
    genes = pd.DataFrame({"gene_symbol": "", "gene_id_original": counts.index}, index=counts.index)
    values = counts.T.loc[sheet.index].to_numpy(float)
    adata = AnnData(values, obs=sheet[["patient", "timepoint"]], var=genes)
    return Study("airway", adata, "counts", Timepoints("control", "treated"))


@pytest.fixture(scope="module")
def result(airway):
    # every gene is fitted, as R does; R's results() filters at alpha = .1
    options = EngineOptions(independent_filtering=True, alpha=0.1, shrink=False, reference="normal")
    return get("deseq2").run(airway, plan(airway.sheet, airway.timepoints, [Ask()]), options)


@pytest.fixture(scope="module")
def reference(real_data):
    folder = real_data.parent / "reference"
    if not folder.is_dir():
        pytest.skip(f"reference tables not found at {folder}")
    table = pd.read_csv(folder / "airway_paired_wald.csv.gz", index_col=0)
    return table, pd.read_csv(folder / "airway_size_factors.csv", index_col=0)["size_factor"]


def test_size_factors_are_those_of_r(result, reference):
    mine = result.record["size_factors"]
    for library, expected in reference[1].items():
        assert mine[library] == pytest.approx(expected, rel=1e-12)


def test_p_values_are_as_near_to_r_as_the_library_gets(result, reference):
    """Median .011 and 99th percentile 2.3 in log10 p: trend and prior width differ from R at 3 residual df."""
    table = result.tables["response"].set_index("gene_id").join(reference[0])
    both = table[table["p_value"].notna() & table["pvalue"].notna()]
    distance = (np.log10(both["p_value"]) - np.log10(both["pvalue"])).abs()
    assert len(both) == 33_469
    assert distance.median() < 0.015
    assert distance.quantile(0.99) < 2.5
    sides = (both["fdr"] < 0.05) != (both["padj"] < 0.05)
    assert sides.sum() < 400
    # a test that used no pairs would be this far away
    assert np.corrcoef(both["log2_fold_change"], both["log2FoldChange"])[0, 1] > 0.999


def test_known_glucocorticoid_genes_go_up(result, glucocorticoid_genes):
    rows = result.tables["response"].set_index("gene_id").loc[list(glucocorticoid_genes.values())]
    assert (rows["log2_fold_change"] > 1.5).all()
    assert (rows["fdr"] < 1e-10).all()


def test_few_degrees_of_freedom_are_recorded(result):
    assert result.record["residual_df"] == 3
    assert result.record["low_residual_df"]
    assert any("degrees of freedom" in text for text in result.record["warnings"])
