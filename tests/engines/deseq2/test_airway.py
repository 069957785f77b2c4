"""Four cell lines with and without dexamethasone, against R DESeq2 1.38.3 on the same counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dermshift.design import Ask, plan
from dermshift.engines import EngineOptions, get
from dermshift.engines.deseq2.inference import BatchedInference
from dermshift.engines.quiet import quiet
from dermshift.study import Study, Timepoints

pytestmark = pytest.mark.real_data


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


# every gene is fitted, as R does; R's results() filters at alpha = .1
AS_R = EngineOptions(independent_filtering=True, alpha=0.1, shrink=False, reference="normal")
TABLES = {
    "wald": AS_R,
    "wald_lfc1": replace(AS_R, lfc_threshold=1.0),
    "lrt": replace(AS_R, test="lrt"),
}


def answer_with(study, options):
    return get("deseq2").run(study, plan(study.sheet, study.timepoints, [Ask()]), options)


@pytest.fixture(scope="module")
def result(airway):
    return answer_with(airway, AS_R)


@pytest.fixture(scope="module")
def reference(real_data):
    folder = real_data.parent / "reference"
    if not folder.is_dir():
        pytest.skip(f"reference tables not found at {folder}")
    return lambda name: pd.read_csv(folder / name, index_col=0)


def compare(result, expected):
    """Return both tables side by side, and the distances in log10 p where either p is above zero."""
    both = result.tables["response"].set_index("gene_id").join(expected)
    tested = both[both["p_value"].notna() & (both["pvalue"] > 0)]
    return both, (np.log10(tested["p_value"]) - np.log10(tested["pvalue"])).abs()


def test_size_factors_are_those_of_r(result, reference):
    mine = result.record["size_factors"]
    for library, expected in reference("airway_size_factors.csv")["size_factor"].items():
        assert mine[library] == pytest.approx(expected, rel=1e-12)


def test_trend_and_prior_are_those_of_r(result):
    """R prints .00952224 and 3.60010; its prior width is read off a grid of steps of .008."""
    trend = result.record["dispersion_trend"]
    assert trend["asymptotic"] == pytest.approx(0.00952224, rel=1e-5)
    assert trend["extra_poisson"] == pytest.approx(3.60010, rel=1e-5)
    assert result.record["dispersion_prior_variance"] == pytest.approx(0.5285, rel=1e-3)


@pytest.mark.parametrize("test", TABLES)
def test_every_table_is_that_of_r(airway, reference, test):
    """Tolerances are a fiftieth of what would move one gene across FDR 5 %; what is left is R's ten printed digits."""
    both, distance = compare(answer_with(airway, TABLES[test]), reference(f"airway_paired_{test}.csv.gz"))
    assert both["pvalue"].notna().sum() == 33_469
    assert (both["p_value"].notna() == both["pvalue"].notna()).all()
    assert distance.median() < 1e-5
    assert distance.quantile(0.99) < 1e-4
    assert (both["fdr"].isna() == both["padj"].isna()).all()
    assert ((both["fdr"] < 0.05) == (both["padj"] < 0.05)).all()


def test_the_library_as_released_is_not_within_these_tolerances(airway, reference):
    """The twin: the same kernels, with PyDESeq2's own rules between them."""
    from pydeseq2.dds import DeseqDataSet
    from pydeseq2.ds import DeseqStats

    counts = airway.values.astype(int)
    design = plan(airway.sheet, airway.timepoints, [Ask()])[0]
    kernels = BatchedInference()
    with quiet([]):
        dds = DeseqDataSet(
            counts=counts.loc[design.matrix.index, counts.any()],
            metadata=airway.sheet.loc[design.matrix.index].astype(str),
            design=design.matrix.astype(float),
            inference=kernels,
            quiet=True,
        )
        dds.deseq2()
        stats = DeseqStats(dds, contrast=np.asarray(design.contrast), inference=kernels, alpha=0.1, quiet=True)
        stats.summary()
    expected = reference("airway_paired_wald.csv.gz").loc[stats.results_df.index]
    distance = (np.log10(stats.results_df["pvalue"]) - np.log10(expected["pvalue"])).abs()
    assert distance.median() > 1e-3
    assert ((stats.results_df["padj"] < 0.05) != (expected["padj"] < 0.05)).sum() > 100


def test_known_glucocorticoid_genes_go_up(result, glucocorticoid_genes):
    rows = result.tables["response"].set_index("gene_id").loc[list(glucocorticoid_genes.values())]
    assert (rows["log2_fold_change"] > 1.5).all()
    assert (rows["fdr"] < 1e-10).all()


def test_few_degrees_of_freedom_are_recorded(result):
    assert result.record["residual_df"] == 3
    assert result.record["low_residual_df"]
