from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

from dermshift.engines import CONFIGURED_COLUMNS, ENGINES, configured_rows, flag, get, resolve
from dermshift.engines.base import need_scale, rank_by_p
from dermshift.errors import ConfigError, ScaleError
from dermshift.names import DE_COLUMNS, column_names
from dermshift.tables import require_de


@pytest.fixture
def small():
    columns = {column.name: [float("nan")] * 3 for column in DE_COLUMNS}
    columns |= {"gene_id": ["a", "b", "c"], "gene_symbol": [None] * 3, "flag": [None] * 3}
    columns |= {"n_pairs": [7] * 3, "rank": pd.array([1, None, 2], dtype="Int64")}
    columns["status"] = ["tested", "filtered_low_count", "tested"]
    return require_de(pd.DataFrame(columns), "test")


def test_engines_are_found_by_name():
    assert [get(engine.meta.name) for engine in ENGINES] == list(ENGINES)
    with pytest.raises(ConfigError, match="one of deseq2"):
        get("deseq")


def test_auto_stands_for_the_engine_of_the_scale():
    assert resolve("auto", "counts") is get("deseq2")
    assert resolve("auto", "log2") is get("limma")
    assert resolve("voom", "counts") is resolve("voom", "log2") is get("voom")
    with pytest.raises(ConfigError, match="one of deseq2, limma, voom"):
        resolve("Limma", "log2")


def test_every_other_scale_is_refused_with_the_engines_that_model_it():
    for name, scale, words in [
        ("deseq2", "log2", "'log2' values are modelled by 'limma'"),
        ("voom", "log2", "'log2' values are modelled by 'limma'"),
        ("limma", "counts", "'counts' values are modelled by 'deseq2', or by 'limma' through 'voom'"),
    ]:
        with pytest.raises(ScaleError, match=words) as error:
            need_scale(get(name).meta, "study", scale)
        assert f"Choose engine '{resolve('auto', scale).meta.name}'" in error.value.problems[0].action
    need_scale(get("limma").meta, "study", "log2")


def test_listing_engines_imports_no_heavy_library():
    code = (
        "import sys, dermshift.engines; print(sorted({'pydeseq2', 'pylimma', 'anndata', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_flag_marks_the_configured_genes_alone(small):
    flagged = flag(small, {"b": "mediator", "elsewhere": "receptor"})
    assert flagged["flag"].tolist() == [None, "mediator", None]
    assert small["flag"].isna().all()
    require_de(flagged, "test")


def test_configured_genes_have_a_row_in_every_question_even_when_filtered(small):
    rows = configured_rows({"one": small, "two": small}, {"c": "receptor", "b": "mediator", "absent": "x"})
    assert rows["question"].tolist() == ["one", "one", "two", "two"]
    assert rows["gene_id"].tolist() == ["c", "b"] * 2
    assert rows["flag"].tolist() == ["receptor", "mediator"] * 2
    assert rows["status"].tolist() == ["tested", "filtered_low_count"] * 2
    assert list(rows.columns) == column_names(CONFIGURED_COLUMNS)


def test_no_configured_genes_give_an_empty_table(small):
    assert configured_rows({"one": small}, {}).empty
    assert configured_rows({}, {"a": "x"}).empty


def test_rank_breaks_ties_by_the_statistic_and_leaves_untested_genes_out():
    p = pd.Series([0.5, 1e-300, 1e-300, 0.001])
    statistic = pd.Series([0.6, 38.0, -40.0, 3.3])
    status = pd.Series(["tested", "tested", "tested", "outlier"])
    assert rank_by_p(p, statistic, status).tolist() == [3, 2, 1, pd.NA]
