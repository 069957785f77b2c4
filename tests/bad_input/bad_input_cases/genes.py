"""Names of genes that were damaged or repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bad_input_cases.case import Case, collected

if TYPE_CHECKING:
    from bad_input_cases.good import Study

GENES: list[Case] = []


@collected(GENES, "excel_dates", "gene names a spreadsheet turned into dates")
def _(study: Study) -> None:
    for place, name in ((11, "1-Mar"), (12, "2-Sep"), (13, "1-Dec")):
        study.matrix[place][1] = name


@collected(GENES, "excel_iso_dates", "gene names a spreadsheet turned into ISO dates")
def _(study: Study) -> None:
    for place, name in ((11, "2023-03-01"), (12, "2023-09-02 00:00:00")):
        study.matrix[place][1] = name


@collected(GENES, "excel_serials", "gene names a spreadsheet turned into serial numbers of days")
def _(study: Study) -> None:
    for place, name in ((11, "44256"), (12, "44441")):
        study.matrix[place][0] = study.matrix[place][1] = name


@collected(GENES, "excel_exponents", "clone ids a spreadsheet turned into numbers")
def _(study: Study) -> None:
    study.matrix[11][0] = study.matrix[11][1] = "2.31E+13"


@collected(GENES, "duplicate_genes", "a gene identifier on two rows")
def _(study: Study) -> None:
    study.matrix[11][0] = study.matrix[10][0]


@collected(GENES, "unknown_gene_of_interest", "a gene of interest that is not in the matrix", ("check",))
def _(study: Study) -> None:
    study.config["genes"] = {"mediator": "LCN2"}


@collected(GENES, "misspelt_gene_of_interest", "a gene of interest with a letter too many", ("check",))
def _(study: Study) -> None:
    study.config["genes"] = {"mediator": "CASP33"}


@collected(GENES, "mouse_ids", "Ensembl ids of the mouse where the known genes are human")
def _(study: Study) -> None:
    for row in study.matrix[1:]:
        row[0] = row[0].replace("ENSG", "ENSMUSG")


@collected(GENES, "mouse_symbols", "gene symbols of the mouse where the known genes are human")
def _(study: Study) -> None:
    study.matrix = [row[1:] for row in study.matrix]
    study.matrix[0][0] = "symbol"
    for row in study.matrix[1:]:
        row[0] = row[0].capitalize()


@collected(GENES, "two_species", "genes of two species in one matrix (a xenograft read against both genomes)")
def _(study: Study) -> None:
    for row in study.matrix[31:]:
        row[0], row[1] = row[0].replace("ENSG", "ENSMUSG"), row[1].capitalize()
