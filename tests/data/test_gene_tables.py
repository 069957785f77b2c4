"""The gene tables and sets that ship with the program."""

from __future__ import annotations

import re

import pandas as pd
import pytest


def table(path):
    return pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def genes(root):
    return table(root / "data/genes.tsv")


@pytest.fixture(scope="module")
def sources(root):
    return table(root / "data/gene_sets/sources.tsv")


@pytest.fixture(scope="module")
def gmt(root):
    """Collection and set name to (description, symbols)."""
    found = {}
    for path in sorted((root / "data/gene_sets").glob("*.gmt")):
        for line in path.read_text().splitlines():
            name, description, *symbols = line.split("\t")
            assert (path.stem, name) not in found
            found[path.stem, name] = (description, symbols)
    return found


def test_sets_and_their_sources_agree(gmt, sources):
    listed = sources.groupby(["collection", "set_name"], sort=False)["gene_symbol"].apply(list).to_dict()
    assert listed == {key: symbols for key, (_, symbols) in gmt.items()}
    assert set(sources["mark"]) == {"source read", "inferred", "unverified"}
    assert (sources["source"] != "").all()


def test_sets_are_well_formed(gmt, genes):
    known = set(genes["gene_symbol"])
    for (_, name), (description, symbols) in gmt.items():
        assert re.fullmatch(r"[A-Z0-9_]+", name)
        assert len(description) > 10
        assert len(symbols) == len(set(symbols))
        assert set(symbols) <= known


def test_the_declared_families_are_there(gmt):
    assert [name for collection, name in gmt if collection == "apoptosis"] == [
        "APOPTOSIS_EXTRINSIC",
        "APOPTOSIS_INTRINSIC",
        "APOPTOSIS_EXECUTION",
        "APOPTOSIS_ALL",
    ]
    assert {collection for collection, _ in gmt} == {
        "apoptosis",
        "compartments",
        "mechanisms",
        "ngal_axis",
        "retinoid",
        "sex",
    }


def test_lcn2_is_in_no_apoptosis_set(gmt):
    homes = {name for (collection, name), (_, symbols) in gmt.items() if "LCN2" in symbols}
    assert homes == {"ANTIMICROBIAL", "INFLAMMATION", "NGAL_AXIS"}


def test_apoptosis_genes_are_where_they_belong(gmt):
    extrinsic, intrinsic, execution, everything = (
        set(gmt["apoptosis", f"APOPTOSIS_{name}"][1]) for name in ("EXTRINSIC", "INTRINSIC", "EXECUTION", "ALL")
    )
    assert everything == extrinsic | intrinsic | execution
    assert {"TNFSF10", "TNFRSF10A", "TNFRSF10B", "FAS", "CASP8", "CFLAR"} <= extrinsic - intrinsic
    assert {"BAX", "BCL2", "CASP9", "BCL2L11"} <= intrinsic - extrinsic
    assert extrinsic & intrinsic == {"BID"}
    assert {"CASP3", "CASP7"} <= execution - extrinsic - intrinsic


def test_gland_lipid_and_sterol_synthesis_are_kept_apart(gmt):
    lipid, sterol = (gmt["mechanisms", f"SEBUM_{name}"][1] for name in ("GLAND_LIPID", "STEROL_SYNTHESIS"))
    assert not set(lipid) & set(sterol)


def other_names(genes):
    return [n for column in ("previous_symbols", "aliases") for cell in genes[column] for n in cell.split(";") if n]


def test_gene_names_are_unique_and_no_alias_is_a_gene(genes):
    assert genes["gene_symbol"].is_unique
    for column, pattern in (("ensembl_id", r"ENSG\d{11}"), ("entrez_id", r"[1-9]\d*")):
        filled = genes.loc[genes[column] != "", column]
        assert filled.is_unique
        assert filled.str.fullmatch(pattern).all()
    names = other_names(genes)
    assert not set(names) & set(genes["gene_symbol"])
    # Old names and aliases that are approved symbols of other genes must never be mapped.
    assert not set(names) & {"TMPRSS3", "MGAT1", "FAS"}
    assert all(re.fullmatch(r"\S\S+", name) and not name.isdigit() for name in names)


def test_curated_names_are_of_one_gene_alone(genes):
    curated = genes[genes["source"] != "NCBI Gene 2022-09"]
    assert len(curated) == 296
    assert (curated[["ensembl_id", "entrez_id"]] != "").all(axis=None)
    named = other_names(curated)
    assert len(named) == len(set(named))
    assert not set(named) & set(other_names(genes[genes["source"] == "NCBI Gene 2022-09"]))


def test_all_human_genes_are_listed_in_order(root, genes):
    assert list(genes.columns) == [
        "gene_symbol", "ensembl_id", "entrez_id", "previous_symbols", "aliases", "source"
    ]  # fmt: skip
    assert genes["gene_symbol"].tolist() == sorted(genes["gene_symbol"])
    assert 35_000 < len(genes) < 45_000
    assert (root / "data/genes.tsv").stat().st_size < 4_000_000
    row = genes.set_index("gene_symbol").loc
    assert row["LCN2", "entrez_id"] == "3934"
    assert row["HLA-A", "ensembl_id"] == "ENSG00000206503"  # not a copy on another haplotype
    assert row["MT-ND1", "aliases"].split(";") == ["MTND1", "ND1"]
    assert row["SEPTIN2", "previous_symbols"] == "SEPT2"
    assert "SEPT2" in row["SEPTIN6", "aliases"].split(";")
    assert {"COX2"} <= {*row["MT-CO2", "aliases"].split(";")} & {*row["PTGS2", "aliases"].split(";")}  # ambiguous


@pytest.mark.parametrize(
    ("symbol", "column", "names"),
    [
        ("LCN2", "aliases", "NGAL;24p3"),
        ("PLAAT4", "previous_symbols", "RARRES3"),
        ("LORICRIN", "previous_symbols", "LOR"),
        ("CXCL8", "previous_symbols", "IL8"),
        ("TNFSF10", "aliases", "TRAIL"),
        ("FKBP5", "aliases", ""),
    ],
)
def test_other_names_stand_in_the_right_column(genes, symbol, column, names):
    assert genes.set_index("gene_symbol").loc[symbol, column] == names


def test_sex_genes_have_limits_that_leave_a_gap(root, genes):
    sex = table(root / "data/sex_genes.tsv").set_index("gene_symbol")
    ids = genes.set_index("gene_symbol")["ensembl_id"]
    assert (sex["ensembl_id"] == ids[sex.index]).all()
    limits = sex[sex["high_cpm"] != "NA"][["high_cpm", "low_cpm"]].astype(float)
    assert (limits["high_cpm"] >= 2 * limits["low_cpm"]).all()
    assert limits.loc["XIST"].tolist() == [10, 2]
    assert limits.loc["RPS4Y1"].tolist() == [20, 5]
    assert limits.loc["DDX3Y"].tolist() == [8, 1]


def test_calibration_has_the_panel_genes_with_their_ids(root, genes):
    calibration = table(root / "data/calibration.tsv")
    ids = genes.set_index("gene_symbol")["ensembl_id"]
    assert (calibration["ensembl_id"].to_numpy() == ids[calibration["gene_symbol"]].to_numpy()).all()
    assert calibration["source"].str.startswith("GSE193309").all()


def test_every_simulated_panel_gene_is_calibrated(root):
    calibrated = set(table(root / "data/calibration.tsv")["gene_symbol"])
    panels = table(root / "data/simulation/panels.tsv")
    assert {g for genes in panels["genes"] for g in genes.split(";")} <= calibrated


def test_every_data_file_is_listed_with_source_and_licence(root):
    listed = table(root / "data/sources.tsv")
    assert (listed != "").all().all()
    files = {p.relative_to(root / "data").as_posix() for p in (root / "data").rglob("*") if p.is_file()}
    own = {name for name in files if name.startswith("geo/")}  # sheets of whoever works here
    assert set(listed["file"]) == files - own - {"README.md", "sources.tsv"}
