"""Every column that leaves the program: its name, unit and meaning, in one place."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection

SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""What an identifier may look like before it reaches a path or a shell line."""
LONGEST_FILE_NAME = 80
"""Characters of a gene's name in a file name; the rest of the name has to fit into 255 with it."""

PATIENT = "patient"
TIMEPOINT = "timepoint"
SEX = "sex"
COMPARTMENT = "compartment"
ROLES = (PATIENT, TIMEPOINT, SEX, COMPARTMENT)
"""Canonical names of the sample-sheet columns that label samples."""
DOSE_MG, DOSES_PER_WEEK, WEIGHT_KG, DAYS_ON_DRUG = "dose_mg", "doses_per_week", "weight_kg", "days_on_drug"
DOSING = (DOSE_MG, DOSES_PER_WEEK, WEIGHT_KG, DAYS_ON_DRUG)
"""Canonical names of the sample-sheet columns that hold numbers."""
MG_PER_KG_DAY, CUMULATIVE_MG_PER_KG, REGIMEN = "mg_per_kg_day", "cumulative_mg_per_kg", "regimen"
DERIVED = (MG_PER_KG_DAY, CUMULATIVE_MG_PER_KG, REGIMEN)
"""Columns of the sheet that follow from those of the dose."""
UNITS = {MG_PER_KG_DAY: "mg/kg/day", CUMULATIVE_MG_PER_KG: "mg/kg"}
FILE = "file"
"""Canonical name of the sample-sheet column that names the file of each sample."""
MAPPED = (FILE, *ROLES, *DOSING)
"""Every role a column of the sheet may be given besides that of the sample names."""

GENE_ID = "gene_id"
GENE_SYMBOL = "gene_symbol"

TESTED = "tested"
FILTERED = "filtered_low_count"
OUTLIER = "outlier"
NOT_ESTIMABLE = "not_estimable"
SET_ASIDE = "set_aside"
STATUSES = (TESTED, FILTERED, OUTLIER, NOT_ESTIMABLE, SET_ASIDE)

Kind = Literal["text", "float", "integer"]


@dataclass(frozen=True)
class Column:
    """A named quantity: ``kind`` is its type on disk, ``unit`` is empty for text and ratios."""

    name: str
    kind: Kind
    unit: str
    meaning: str


DE_COLUMNS = (
    Column(GENE_ID, "text", "", "gene identifier as in the matrix, version suffix removed"),
    Column(GENE_SYMBOL, "text", "", "gene symbol, NA where none is known"),
    Column("base_mean", "float", "normalised counts; log2", "mean over the libraries of this question"),
    Column("log2_fold_change", "float", "log2", "after minus before; for a difference 'a vs b', a minus b"),
    Column("standard_error", "float", "log2", "standard error of log2_fold_change"),
    Column("ci_lower", "float", "log2", "lower end of the 95 % confidence interval of log2_fold_change"),
    Column("ci_upper", "float", "log2", "upper end of the 95 % confidence interval of log2_fold_change"),
    Column("statistic", "float", "", "test statistic, with the sign of log2_fold_change"),
    Column("df", "float", "", "degrees of freedom of the reference curve; of the design where the curve is normal"),
    Column("p_value", "float", "", "two-sided p-value of log2_fold_change = 0"),
    Column("fdr", "float", "", "Benjamini-Hochberg false discovery rate within this question"),
    Column("log2_fold_change_shrunken", "float", "log2", "shrunken estimate, NA where the contrast is no coefficient"),
    Column("n_pairs", "integer", "patients", "patients with a complete pair behind this row"),
    Column("rank", "integer", "", "place among tested genes by p-value, 1 = smallest"),
    Column("flag", "text", "", "role of a gene named in the config (e.g. mediator), else NA"),
    Column("status", "text", "", "tested, filtered_low_count, outlier, not_estimable or set_aside (probe set, no FDR)"),
)

SET_COLUMNS = (
    Column("set_name", "text", "", "name of the gene set, blanks collapsed"),
    Column("collection", "text", "", "GMT file the set comes from"),
    Column("family", "text", "", "declared (named in the config before the run) or exploratory"),
    Column("method", "text", "", "one of `dermshift show enrichment`"),
    Column("direction", "text", "", "both (two-sided), mixed (genes move, whichever way), up or down (lists of genes)"),
    Column("n_genes", "integer", "genes", "genes in the set as written in the file"),
    Column("n_tested", "integer", "genes", "genes of the set among the tested genes"),
    Column("n_overlap", "integer", "genes", "overlap: set genes on the list; prerank: leading edge size"),
    Column("n_universe", "integer", "genes", "tested genes"),
    Column("mean_change", "float", "log2", "mean log2_fold_change of the set's tested genes"),
    Column("statistic", "float", "", "test statistic of the method, positive = up"),
    Column("correlation", "float", "", "camera: correlation between the set's genes, estimated from the residuals"),
    Column("enrichment_score", "float", "", "prerank, flips_es: running-sum extreme; overlap: odds ratio"),
    Column("normalised_enrichment_score", "float", "", "prerank only"),
    Column("p_value", "float", "", "prerank and overlap: exploratory, they ignore correlation between genes"),
    Column("floor", "float", "", "smallest p these patients (flips) or permutations (prerank) can give, else NA"),
    Column(
        "fdr",
        "float",
        "",
        "Benjamini-Hochberg over the declared sets, or the exploratory ones of the collection",
    ),
    Column("leading_edge", "text", "", "genes of the leading edge or of the overlap, joined by ';'"),
    Column("status", "text", "", "tested, too_small, too_large, too_few_genes (list below 10) or not_estimable"),
)

RUNNING_COLUMNS = (
    Column("set_name", "text", "", "name of the gene set"),
    Column("position", "integer", "", "place in the ranking, 0 = most increased, at each gene of the set"),
    Column(GENE_ID, "text", "", "gene at that place"),
    Column(GENE_SYMBOL, "text", "", "its symbol"),
    Column("statistic", "float", "", "its ranking statistic"),
    Column("score_before", "float", "", "running enrichment score just before this gene"),
    Column("score_after", "float", "", "running enrichment score just after this gene"),
)

SET_SYMBOL_COLUMNS = (
    Column("set_name", "text", "", "name of the gene set"),
    Column("collection", "text", "", "GMT file the set comes from"),
    Column("symbol", "text", "", "symbol as written in the set"),
    Column("used_as", "text", "", "name it goes by in the matrix, or the approved one; empty where none is known"),
    Column(GENE_ID, "text", "", "its row of the matrix, empty where there is none"),
    Column(
        "outcome",
        "text",
        "",
        "updated (tested as used_as), alias_of_several_genes (not used), not_in_matrix, or the status it has untested",
    ),
)

SET_OVERLAP_COLUMNS = (
    Column("set_a", "text", "", "name of a gene set"),
    Column("set_b", "text", "", "name of another"),
    Column("n_a", "integer", "genes", "tested genes of the first"),
    Column("n_b", "integer", "genes", "tested genes of the second"),
    Column("n_shared", "integer", "genes", "tested genes of both; pairs that share none have no row"),
    Column("jaccard", "float", "", "shared genes among those of either"),
    Column("overlap", "float", "", "shared genes among those of the smaller set (overlap coefficient)"),
)

CONFIGURED_IN_SETS_COLUMNS = (
    Column(GENE_ID, "text", "", "gene named in the config"),
    Column(GENE_SYMBOL, "text", "", "its symbol"),
    Column("set_name", "text", "", "a gene set it belongs to; empty: it is in no set of `collection`"),
    Column("collection", "text", "", "GMT file the set comes from; in the row without a set the declared ones"),
    Column("position", "integer", "", "place in the ranking by statistic, 0 = most increased; NA where not tested"),
    Column("n_ranked", "integer", "genes", "genes in the ranking"),
    Column("in_leading_edge", "text", "", "yes or no (prerank); NA where gene or set was not tested"),
)


def plain_unit(column: str) -> str:
    """Return the unit a column of the sheet is in, or its name where it has none."""
    return UNITS.get(column, column.replace("_", " "))


def short_file_name(safe: str, whole: str, taken: Collection[str] = ()) -> str:
    """Return `safe` as a part of a file name; too long or taken already, its start and a digest of `whole`."""
    if len(safe) <= LONGEST_FILE_NAME and safe not in taken:
        return safe
    return f"{safe[:LONGEST_FILE_NAME]}_{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def column_names(columns: tuple[Column, ...]) -> list[str]:
    """Return the names of a column registry, in order."""
    return [column.name for column in columns]
