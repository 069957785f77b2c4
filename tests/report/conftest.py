"""A small study as the report sees it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dermshift.engines import CONFIGURED_COLUMNS
from dermshift.names import DE_COLUMNS, SET_COLUMNS
from dermshift.report.facts import Facts, Picture
from dermshift.study import Source
from dermshift.tables import require


def gene_table(symbols: list[str], changes: list[float], fdr: list[float]) -> pd.DataFrame:
    count = len(symbols)
    values: dict[str, object] = {column.name: np.zeros(count) for column in DE_COLUMNS}
    values |= {
        "gene_id": [f"G{place}" for place in range(count)],
        "gene_symbol": symbols,
        "log2_fold_change": changes,
        "p_value": [value / 2 for value in fdr],
        "fdr": fdr,
        "n_pairs": [4] * count,
        "rank": list(range(1, count + 1)),
        "flag": ["mediator"] + [None] * (count - 1),
        "status": ["tested"] * count,
    }
    return require(pd.DataFrame(values), DE_COLUMNS, "test")


def design_card(name: str, kind: str, levels: list[str]) -> dict[str, object]:
    return {
        "id": name,
        "kind": kind,
        "title": " minus ".join(levels) or "all patients",
        "column": "sex" if levels else "",
        "levels": levels,
        "within": [],
        "fit_id": "response",
        "coefficients": ["P1", "week1"],
        "contrast": [0.0, 1.0],
        "stratum": "within patients",
        "residual_df": 3,
        "n_pairs": 4,
        "n_by_level": dict.fromkeys(levels, 2),
        "libraries": [{"members": ["P1_a"]}] * 8,
        "pairs": [],
        "left_out": [{"patient": "P9", "samples": ["P9_a"], "reason": "no partner"}],
    }


@pytest.fixture
def make_facts():
    def make(symbol: str = "LCN2", *, synthetic: bool = True) -> Facts:
        response = gene_table([symbol, "B", "C"], [1.5, -1.0, 0.2], [0.001, 0.01, 0.5])
        difference = gene_table([symbol, "B", "C"], [0.5, -0.1, 0.2], [0.9, 0.9, 0.9])
        tables = {"response": response, "difference_sex_male_vs_female": difference}
        sets = pd.DataFrame([dict.fromkeys((column.name for column in SET_COLUMNS), 1.0)])
        texts = {"set_name": "APOPTOSIS_ALL", "collection": "apoptosis", "family": "declared", "method": "prerank"}
        sets = sets.assign(**texts, direction="both", leading_edge="B;C", status="tested", fdr=0.01, p_value=0.005)
        configured = pd.concat([table.head(1).assign(question=name) for name, table in tables.items()])
        meta = {"name": "deseq2", "summary": "a model", "pairing": "by patient", "test": "Wald", "extra": "pydeseq2"}
        fit = {
            "engine": meta | {"doi": "10.1/x", "fdr_family": "one question"},
            "options": {"seed": 0, "reference": "t"},
            "fit_id": "response",
            "record": {
                "versions": {"pydeseq2": "0.5.4"},
                "filter": "10 reads",
                "residual_df": 3,
                "n_genes_fitted": 3,
                "dispersion_prior_df": 4.7601,
                "dispersion_trend": {"type": "parametric", "asymptotic": 0.0177, "extra_poisson": 5.641},
            },
        }
        claim = {
            "question": "Who?",
            "shows": f"{symbol} up.",
            "does_not_show": "Why.",
            "n": "n = 4",
            "caution": "Care.",
        }
        return Facts(
            name="trial",
            synthetic=synthetic,
            scale="counts",
            before="baseline",
            after="week1",
            n_samples=8,
            n_patients=4,
            sources=(Source("/srv/someone/counts.tsv", "ab", "matrix"),),
            notes=(),
            checks=[{"check": "finite", "verdict": "ok", "evidence": f"fine {symbol}"}],
            cards=[
                design_card("response", "response", []),
                design_card("difference_sex_male_vs_female", "difference", ["male", "female"]),
            ],
            fits=[fit, fit],
            enrichment={
                "methods": [{"name": "prerank", "summary": "ranks"}],
                "options": {"alpha": 0.05, "permutations": 1000, "seed": 0, "declared": ["apoptosis"]},
                "gene_sets": [{"path": "data/apoptosis.gmt", "sha256": "cd"}],
            },
            tables=tables,
            sets=dict.fromkeys(tables, require(sets, SET_COLUMNS, "test")),
            configured=require(configured, CONFIGURED_COLUMNS, "test"),
            pictures=(Picture("volcano_response", "data:image/png;base64,AAAA", claim),),
            alpha=0.05,
        )

    return make
