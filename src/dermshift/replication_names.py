"""Every column of the replication board: name, unit and meaning, as in `names`."""

from __future__ import annotations

from dermshift.names import GENE_ID, GENE_SYMBOL, Column

DISCOVERY, REPLICATION = "discovery", "replication"
"""What a study is to the others, stated before anything was run."""
GENE, SET = "gene", "set"
"""Kinds of items: a gene named in the configuration, or a declared gene set."""

QUESTION = Column("question", "text", "", "id of the question, the same in every study that asks it")
STUDY = (
    Column("study", "text", "", "label of the study"),
    Column("role", "text", "", "discovery or replication, stated before anything was run"),
)
PAIR = (
    Column("discovery", "text", "", "label of the discovery study"),
    Column("replication", "text", "", "label of the replication study"),
)
ITEM = (
    Column("kind", "text", "", "gene (named in the configuration) or set (declared)"),
    Column("item", "text", "", "approved symbol of the gene, or name of the set"),
)
PLATFORM = Column("platform", "text", "", "kind of measurement: sequencing counts, microarray or other log2 values")
STATUS = Column(
    "status",
    "text",
    "",
    "estimated, or why there is no estimate: not asked, not measured, below detection, not named in this study, ...",
)
ESTIMATE = (
    Column("estimate", "float", "log2", "mean of the patients' own changes; for a difference 'a vs b', a minus b"),
    Column("standard_error", "float", "log2", "standard error of estimate"),
    Column("df", "float", "", "degrees of freedom of the interval"),
    Column("ci_lower", "float", "log2", "lower end of the 95 % confidence interval"),
    Column("ci_upper", "float", "log2", "upper end of the 95 % confidence interval"),
    Column("p_value", "float", "", "two-sided p-value of the plain paired t"),
)
N_PAIRS = Column("n_pairs", "integer", "patients", "patients of the question in this study")

GENE_COLUMNS = (
    QUESTION,
    Column(GENE_SYMBOL, "text", "", "approved symbol by which the gene is matched"),
    *STUDY,
    PLATFORM,
    Column(GENE_ID, "text", "", "row (gene id or probe set) of the study; NA where there is none"),
    Column("stands", "text", "", "yes for the one row that stands for the gene, no for its other rows"),
    STATUS,
    N_PAIRS,
    *ESTIMATE,
)
"""``genes.tsv``."""

SET_COLUMNS = (
    QUESTION,
    Column("set_name", "text", "", "name of the declared set"),
    *STUDY,
    PLATFORM,
    STATUS,
    Column("n_genes", "integer", "genes", "genes of the set as written in its file"),
    Column("n_tested", "integer", "genes", "of them tested in this study"),
    N_PAIRS,
    *ESTIMATE,
)
"""``sets.tsv``."""

VERDICT_COLUMNS = (
    QUESTION,
    *ITEM,
    *PAIR,
    Column("discovery_estimate", "float", "log2", "estimate of the discovery study"),
    Column("estimate", "float", "log2", "estimate of the replication study"),
    Column("ci_lower", "float", "log2", "lower end of its 95 % confidence interval"),
    Column("ci_upper", "float", "log2", "upper end of its 95 % confidence interval"),
    Column("verdict", "text", "", "one of the fixed words, by rule (docs/replication.md)"),
    Column("size", "text", "", "where the interval lies beside the discovery's estimate; NA across platforms"),
)
"""``verdicts.tsv``."""

SIGN_COLUMNS = (
    QUESTION,
    *ITEM,
    PAIR[0],
    Column("n_replication", "integer", "studies", "replication studies with an estimate"),
    Column("n_same_sign", "integer", "studies", "of them with the sign of the discovery"),
    Column("n_same_excluding_0", "integer", "studies", "of them with an interval that excludes 0 on that side"),
    Column("n_opposite_excluding_0", "integer", "studies", "replication studies whose interval lies on the other side"),
    Column("p_value", "float", "", "one-sided binomial p of so many equal signs; NA where it could not reach .05"),
    Column("floor", "float", "", "smallest p this many studies can give"),
    Column("words", "text", "", "the count in words"),
)
"""``signs.tsv``."""

AGREEMENT_COLUMNS = (
    QUESTION,
    *PAIR,
    Column("genes", "text", "", "configured, a declared set, called in the discovery, or all shared tested genes"),
    Column("n_genes", "integer", "genes", "genes of the group that both studies tested"),
    Column("n_same_sign", "integer", "genes", "of them with the same sign of the mean change"),
    Column("share_same_sign", "float", "", "n_same_sign among n_genes"),
    Column("rho", "float", "", "Spearman correlation of the mean changes; NA below 5 genes"),
    Column("along", "float", "log2", "mean change of the replication study's patients along the discovery's signs"),
    Column("ci_lower", "float", "log2", "lower end of its 95 % confidence interval, one number per patient"),
    Column("ci_upper", "float", "log2", "upper end of the interval"),
    Column("p_value", "float", "", "exact two-sided p of along, over signs (labels) of whole patients"),
    Column("floor", "float", "", "smallest p these patients can give"),
    Column("note", "text", "", "why something is missing, else NA"),
)
"""``agreement.tsv``."""

POOLED = (
    Column("k", "integer", "studies", "studies that were pooled, all of them of the replication role"),
    Column("estimate", "float", "log2", "pooled estimate, random effects"),
    Column("standard_error", "float", "log2", "its standard error"),
    Column("df", "float", "", "degrees of freedom of the interval, k - 1"),
    Column("ci_lower", "float", "log2", "lower end of the 95 % interval (Hartung-Knapp, never narrower than without)"),
    Column("ci_upper", "float", "log2", "upper end of the 95 % interval"),
)
META_COLUMNS = (
    QUESTION,
    *ITEM,
    PLATFORM,
    Column("studies", "text", "", "labels of the pooled studies, joined by ';'"),
    *POOLED,
    Column("pi_lower", "float", "log2", "lower end of the 95 % prediction interval of a further study; from 3 on"),
    Column("pi_upper", "float", "log2", "upper end of the prediction interval"),
    Column("tau2", "float", "log2 squared", "variance of the true changes between studies (Paule-Mandel)"),
    Column("i2", "float", "", "share of the scatter that is not sampling error, (Q - df) / Q, never below 0"),
    Column("q", "float", "", "Cochran's Q"),
    Column("q_p", "float", "", "p-value of Q; with few studies it finds little"),
    Column("note", "text", "", "why nothing was pooled, or what to keep in mind"),
)
"""``meta.tsv``."""

LEFT_OUT_COLUMNS = (
    QUESTION,
    *ITEM,
    PLATFORM,
    Column("left_out", "text", "", "replication study left out"),
    *POOLED,
    Column("same_sign", "text", "", "yes where the sign is that of all replication studies pooled, else no"),
    Column("note", "text", "", "one study is left: its own estimate and interval, else NA"),
)
"""``left_out_study.tsv``."""

PLATFORM_COLUMNS = (
    *STUDY,
    PLATFORM,
    Column("scale", "text", "", "counts or log2"),
    Column("n_rows", "integer", "rows", "rows of the matrix"),
    Column("n_symbols", "integer", "genes", "approved symbols they stand for"),
    Column(GENE_SYMBOL, "text", "", "approved symbol of a gene named in any configuration"),
    Column(GENE_ID, "text", "", "row of the study that bears it; NA where there is none"),
    Column("reading", "text", "", "as what the row's name is read: approved, previous, alias or unknown"),
    Column("stands", "text", "", "yes for the row that stands for the gene, no for another of its rows"),
    Column("note", "text", "", "not measured, set aside, or how the row was chosen"),
)
"""``platforms.tsv``."""

TABLES = {
    "genes": GENE_COLUMNS,
    "sets": SET_COLUMNS,
    "verdicts": VERDICT_COLUMNS,
    "signs": SIGN_COLUMNS,
    "agreement": AGREEMENT_COLUMNS,
    "meta": META_COLUMNS,
    "left_out_study": LEFT_OUT_COLUMNS,
    "platforms": PLATFORM_COLUMNS,
}
"""Every table of the board: file without its ending, and columns."""
