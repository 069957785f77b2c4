"""A small study as the report sees it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dermshift import evidence_names
from dermshift.engines import CONFIGURED_COLUMNS
from dermshift.evidence_tables import Evidence
from dermshift.fdr import benjamini_hochberg
from dermshift.names import DE_COLUMNS, SET_COLUMNS
from dermshift.report.facts import Facts
from dermshift.report.pictures import Picture
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
        "before": "baseline",
        "after": "week1",
        "notes": [],
        "fit_id": "response",
        "block": "",
        "coefficients": ["patient_P1", "week1"],
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
        methods = [("fry", "both"), ("camera", "both"), ("flips", "both"), ("prerank", "both")]
        sets = pd.DataFrame([dict.fromkeys((column.name for column in SET_COLUMNS), 1.0)] * len(methods))
        texts = {"set_name": "APOPTOSIS_ALL", "collection": "apoptosis", "family": "declared"}
        sets = sets.assign(**texts, leading_edge="B;C", status="tested", fdr=0.01, p_value=0.005, floor=0.0156)
        sets = sets.assign(method=[name for name, _ in methods], direction=[way for _, way in methods])
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
                "options": {
                    "alpha": 0.05,
                    "permutations": 1000,
                    "seed": 0,
                    "declared": ["apoptosis"],
                    "min_size": 5,
                    "max_size": 500,
                },
                "gene_sets": [{"path": "data/apoptosis.gmt", "sha256": "cd"}],
            },
            tables=tables,
            sets=dict.fromkeys(tables, require(sets, SET_COLUMNS, "test")),
            configured=require(configured, CONFIGURED_COLUMNS, "test"),
            pictures=(Picture("pvalues_response", b"<svg/>", b"PNG", claim),),
            alpha=0.05,
        )

    return make


def evidence_rows(columns, **values):
    """Return one row with these columns, zero or empty where nothing is given."""
    blank = {column.name: {"text": "", "float": 0.0, "integer": 0}[column.kind] for column in columns}
    return {**blank, **values}


def leave_one_out_rows():
    columns = evidence_names.LEFT_OUT_COLUMNS
    own = {"item": "G0", "label": "LCN2", "kind": "configured", "estimate": 1.41, "n_refits": 4, "p_value": 0.0123}
    rows = [
        evidence_rows(columns, **own, method="paired_t", badge="driven by P03", flip_p=0.125, flip_floor=0.125),
        evidence_rows(columns, **{**own, "p_value": 0.0004}, method="engine", badge="holds in 4 of 4"),
        evidence_rows(columns, item="G1", label="B", kind="top", method="engine", badge="holds in 3 of 4"),
    ]
    return pd.DataFrame(rows)


def refit_rows():
    row = {"item": "G0", "label": "LCN2", "kind": "configured", "method": "paired_t"}
    numbers = {"estimate": 1.41, "ci_lower": 0.311, "ci_upper": 2.522, "p_value": 0.0123}
    return pd.DataFrame([evidence_rows(evidence_names.REFIT_COLUMNS, **row, **numbers)])


def power_rows():
    columns = evidence_names.POWER_COLUMNS
    row = {"n_a": 4, "n_b": pd.NA, "mde": 2.17, "mde_genome_wide": 6.66, "pairs_for_1": 12, "exaggeration_0.5": 3.21}
    kinds = (("G0", "LCN2", "configured"), ("median gene", "median gene", "usual"))
    return pd.DataFrame([evidence_rows(columns, item=i, label=a, kind=k, **row) for i, a, k in kinds])


def adjusted_rows():
    row = {"item": "G0", "label": "LCN2", "kind": "configured", "score": "GLAND", "estimate": 1.41}
    nothing = dict.fromkeys(("estimate_adjusted", "ci_lower_adjusted", "ci_upper_adjusted", "p_value_adjusted"))
    more = {"note": "not separable", "tracks": "tracks the gland score", "variance_factor": 17.31}
    return pd.DataFrame([evidence_rows(evidence_names.ADJUSTED_COLUMNS, **row, **nothing, **more)])


def dossier_values(symbol):
    left = [row for row in leave_one_out_rows().to_dict("records") if row["item"] == "G0"]
    refit = refit_rows().to_dict("records")[0]
    engine = {"method": "engine", "estimate": 1.51, "ci_lower": 0.61, "ci_upper": 2.41, "p_value": 0.0004}
    flips = {"n_genes": 27, "n_tested": 1855, "p_genes": 0.125, "n_patterns": 8, "floor": 0.125, "reason": None}
    association = {"set_name": "APOPTOSIS_ALL", "correlation": 0.43, "chance_lower": -0.91, "chance_upper": 0.92,
                   "p_value": 0.62, "n": 4, "note": "association only"}  # fmt: skip
    question = {
        "question": "response", "title": "all patients", "kind": "response", "n_pairs": 4, "status": "tested",
        "log2_fold_change_shrunken": 1.33,
        "p_values": [{**refit, "method": "paired_t"}, {"method": "sign_flip", "p_value": 0.125, "floor": 0.125},
                     engine | {"fdr": 0.31, "rank": 67, "n_tested": 1855, "note": "borrows strength"}],
        "leave_one_out": left, "refits": [refit], "power": power_rows().head(1).to_dict("records"),
        "adjusted": [{key: None if pd.isna(value) else value for key, value in row.items()}
                     for row in adjusted_rows().to_dict("records")],
        "specifications": [{"estimate": 1.31, "p_value": 0.2, "headline": "no"},
                           {"estimate": 1.51, "p_value": 0.01, "headline": "yes"}],
        "association": [association], "flip_null": flips,
    }  # fmt: skip
    difference = {
        "question": "difference_sex_male_vs_female",
        "method": "paired_t",
        "sentence": "male - female: +1.21 log2, 95 % CI -0.41 to 2.83, 4 and 3 patients: these data cannot tell",
    }
    other = {**question, "question": "difference_sex_male_vs_female", "title": "male minus female"}
    return {
        "gene_id": "G0", "gene_symbol": symbol, "label": f"{symbol} (NGAL)", "role": "mediator", "study": "trial",
        "synthetic": True, "questions": [question, other], "differences": [difference],
        "samples": [{"sample": "P1_a", "patient": "P1", "timepoint": "baseline", "value": 412.0, "log2": 8.69}],
        "receptors": {"NGAL_RECEPTORS": [
            {"gene_symbol": "LRP2", "status": "below detection",
             "questions": [{"question": "response", "status": "below detection"}]},
            {"gene_symbol": "MC4R", "status": "not in the matrix", "questions": []}]},
        "sources": {"NEUTROPHIL": [{"question": "response", "title": "all patients", "estimate": -0.32,
                                    "ci_lower": -0.87, "ci_upper": 0.23, "p_value": 0.23}]},
        "anchors": [{"system": "skin", "statement": "rises", "direction": "up", "magnitude": "2.4-fold",
                     "source": "Somebody 2011"}],
        "cautions": ["One arm only."],
    }  # fmt: skip


@pytest.fixture
def make_judged(make_facts):
    """Return facts with the evidence of the response."""

    def make(symbol: str = "LCN2", *, synthetic: bool = True) -> Facts:
        facts = make_facts(symbol, synthetic=synthetic)
        found = dossier_values(symbol)
        flips = {**found["questions"][0]["flip_null"], "n_sets": 2, "n_tested_sets": 4, "p_sets": 0.25}
        specification = evidence_rows(
            evidence_names.SPECIFICATION_COLUMNS,
            item="G0",
            label=symbol,
            weights="quality",
            estimate=1.37,
            p_value=0.07,
        )
        library = evidence_rows(evidence_names.WEIGHT_COLUMNS, library="P3.week1", weight=0.23)
        card = found["differences"][0] | {"item": "G0", "label": symbol, "kind": "configured"}
        identity = evidence_rows(
            evidence_names.IDENTITY_COLUMNS,
            sample="P1_a",
            rank_of_partner=2,
            verdict="warning",
            evidence="closest to P2_b",
        )
        evidence = Evidence(
            refits={"response": refit_rows()},
            leave_one_out={"response": leave_one_out_rows()},
            power={"response": power_rows()},
            adjusted={"response": adjusted_rows()},
            specifications={"response": pd.DataFrame([specification])},
            weights={"response": pd.DataFrame([library])},
            facts={"response": {"flips": flips, "no_weights": None}},
            differences=pd.DataFrame([card]),
            pair_identity=pd.DataFrame([identity]),
            dossiers={"LCN2": {**found, "synthetic": synthetic}},
        )
        return replace(facts, evidence=evidence)

    return make


@pytest.fixture
def make_tables():
    """Return the tables of a small study, with hostile names among genes and titles."""

    def make(symbols=("LCN2", "=cmd()", "<script>alert(1)</script>")):
        from dermshift.report.headline import headline
        from dermshift.report.workbook_sheets import Tables

        genes = {"response": gene_table(list(symbols), [1.5, -1.0, 0.2], [0.0, 0.0, 0.0])}
        p = [0.001, 0.01, 0.5]
        genes["response"] = genes["response"].assign(p_value=p, fdr=benjamini_hochberg(p), status="tested")
        cards = [design_card("response", "response", [])]
        sets = pd.DataFrame([dict.fromkeys((column.name for column in SET_COLUMNS), 1.0)])
        sets = sets.assign(set_name="+SET", leading_edge="SEPT2;MARCH1", status="tested", floor=np.nan)
        configured = genes["response"].head(1).assign(question="response")
        said = headline(cards, genes, 0.05)
        return Tables("trial", True, said, cards, genes, {"response": require(sets, SET_COLUMNS, "test")}, configured)

    return make


@pytest.fixture
def bundle_folder(tmp_path, make_tables):
    """Return a folder of results, small and complete, with its manifest."""
    from dermshift import io

    tables, folder = make_tables(), tmp_path / "trial"
    io.write_table(tables.genes["response"], folder / "tables" / "response.tsv", DE_COLUMNS)
    io.write_table(tables.configured, folder / "tables" / "configured_genes.tsv", CONFIGURED_COLUMNS)
    io.write_json(tables.cards, folder / "designs.json")
    (folder / "methods.md").write_text("# Methods\n")
    listed = list_files(folder, tables.headline)
    io.write_json(listed, folder / "manifest.json")
    return folder


def list_files(folder, headline):
    """Return the manifest of the files in a folder."""
    from dermshift.report.manifest import manifest

    inputs = [{"path": "/srv/someone/counts.tsv", "sha256": "ab", "role": "matrix"}]
    config = {"study": {"matrix": "/srv/someone/counts.tsv"}, "analysis": {"seed": 7}}
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*") if path.name != "manifest.json")
    return manifest(folder, names, study="trial", synthetic=True, inputs=inputs, config=config, headline=headline)


@pytest.fixture
def packed(bundle_folder):
    """Return the bundle of that folder, and its contents by name."""
    import zipfile

    from dermshift.report.archive import archive

    names = [path.relative_to(bundle_folder).as_posix() for path in bundle_folder.rglob("*.*")]
    bundle = bundle_folder.parent / "bundle.zip"
    bundle.write_bytes(archive(bundle_folder, names, "trial"))
    with zipfile.ZipFile(bundle) as packed:
        return bundle, {name: packed.read(name) for name in packed.namelist()}
