"""Every column of the evidence tables: name, unit and meaning, as in `names`."""

from __future__ import annotations

from dermshift.names import Column

ENGINE, PAIRED = "engine", "paired_t"
"""Methods: the model of the main tables, and the t test of the patients' own changes."""
CONFIGURED, SET, PANEL, TOP = "configured", "set", "panel", "top"
"""Kinds of items."""

ITEM = (
    Column("item", "text", "", "gene id, or name of a gene set"),
    Column("label", "text", "", "gene symbol (the id where none is known), or name of the set"),
    Column(
        "kind",
        "text",
        "",
        "configured (named in the config), set (declared family), panel (named under evidence) or top",
    ),
)
METHOD = Column("method", "text", "", "engine, or paired_t: t test of the patients' own differences")
ESTIMATE = (
    Column("estimate", "float", "log2", "after minus before; for a difference 'a vs b', a minus b"),
    Column("standard_error", "float", "log2", "standard error of estimate"),
    Column("df", "float", "", "degrees of freedom of the interval"),
    Column("ci_lower", "float", "log2", "lower end of the 95 % confidence interval"),
    Column("ci_upper", "float", "log2", "upper end of the 95 % confidence interval"),
    Column("p_value", "float", "", "two-sided p-value"),
)

REFIT_COLUMNS = (*ITEM, METHOD, Column("left_out", "text", "", "patient left out; empty for nobody"), *ESTIMATE)
"""``evidence/QUESTION.refits.tsv``."""

LEFT_OUT_COLUMNS = (
    *ITEM,
    METHOD,
    Column("estimate", "float", "log2", "with every patient"),
    Column("p_value", "float", "", "with every patient"),
    Column("estimate_min", "float", "log2", "smallest estimate with one patient left out"),
    Column("estimate_max", "float", "log2", "largest estimate with one patient left out"),
    Column("n_refits", "integer", "refits", "patients left out one at a time, with an answer"),
    Column("same_sign", "integer", "refits", "of them with the sign of the full estimate"),
    Column("significant", "integer", "refits", "of them with p below .05"),
    Column("most_influential", "text", "", "patient whose absence moves the estimate most"),
    Column("badge", "text", "", "holds in k of n, driven by a patient, or why there is no answer"),
    Column("flip_p", "float", "", "p-value of all sign patterns of the patients' differences (paired_t only)"),
    Column("flip_floor", "float", "", "smallest flip p these patients can give"),
)
"""``evidence/QUESTION.leave_one_out.tsv``."""

FLIP_COLUMNS = (
    Column(
        "pattern", "text", "", "sign of each patient's difference (or its group); the first row is what was observed"
    ),
    Column("n_genes", "integer", "genes", "genes below the false discovery rate under this pattern"),
    Column("n_sets", "integer", "sets", "declared sets below the false discovery rate under this pattern"),
)
"""``evidence/QUESTION.flips.tsv``."""

POWER_COLUMNS = (
    *ITEM,
    Column("sd", "float", "log2", "standard deviation of the patients' differences"),
    Column("n_a", "integer", "patients", "patients (of the first level in a difference between patients)"),
    Column("n_b", "integer", "patients", "patients of the second level, NA where there is none"),
    Column("df", "float", "", "degrees of freedom"),
    Column("standard_error", "float", "log2", "standard error of the estimate"),
    Column("mde", "float", "log2", "smallest change found with 80 % power at p < .05"),
    Column("mde_genome_wide", "float", "log2", "the same at the p-value that passes the false discovery rate"),
    Column("pairs_for_0.5", "integer", "patients", "patients (per level) that find 0.5 log2 with 80 % power"),
    Column("pairs_for_1", "integer", "patients", "the same for 1 log2"),
    Column("pairs_for_1.5", "integer", "patients", "the same for 1.5 log2"),
    Column("exaggeration_0.5", "float", "", "by how much an estimate with p < .05 exceeds a true change of 0.5 log2"),
    Column("exaggeration_1", "float", "", "the same for a true change of 1 log2"),
    Column("exaggeration_1.5", "float", "", "the same for a true change of 1.5 log2"),
)
"""``evidence/QUESTION.power.tsv``; item ``median gene`` has the median standard deviation."""

ADJUSTED_COLUMNS = (
    *ITEM,
    Column("score", "text", "", "gene set whose score was adjusted for"),
    *(column for column in ESTIMATE if column.name not in ("standard_error", "df")),
    Column("estimate_adjusted", "float", "log2", "change at constant score"),
    Column("ci_lower_adjusted", "float", "log2", "lower end of its 95 % confidence interval"),
    Column("ci_upper_adjusted", "float", "log2", "upper end of its 95 % confidence interval"),
    Column("p_value_adjusted", "float", "", "its two-sided p-value"),
    Column("df_adjusted", "float", "", "its degrees of freedom"),
    Column("variance_factor", "float", "", "by how much adjusting multiplies the variance; above 10 not separable"),
    Column("correlation", "float", "", "of the patients' changes with the change of the score"),
    Column("tracks", "text", "", "the score a gene goes along with (|correlation| of .8 or more), else NA"),
    Column("note", "text", "", "why there is no adjusted value, else NA"),
)
"""``evidence/QUESTION.adjusted.tsv``."""

SPECIFICATION_COLUMNS = (
    *ITEM,
    Column("model", "text", "", "what gave the numbers"),
    Column("curve", "text", "", "curve of the p-value: t or normal"),
    Column("filter", "text", "", "genes that entered: fixed filter or all"),
    Column("adjustment", "text", "", "none, or the score adjusted for"),
    Column("weights", "text", "", "equal, or quality: samples weighted by their residuals"),
    Column("left_out", "text", "", "patient left out; empty for nobody"),
    *(column for column in ESTIMATE if column.name not in ("standard_error", "df")),
    Column("headline", "text", "", "yes for the numbers of the main tables"),
)
"""``evidence/QUESTION.specifications.tsv``."""

ASSOCIATION_COLUMNS = (
    *ITEM,
    Column("set_name", "text", "", "gene set whose change is set beside the gene's"),
    Column("correlation", "float", "", "of the two changes over patients"),
    Column("chance_lower", "float", "", "lower end of the range that 95 % of pairings by chance give"),
    Column("chance_upper", "float", "", "upper end of that range"),
    Column("p_value", "float", "", "share of pairings at least as far from zero"),
    Column("n", "integer", "patients", "patients"),
    Column("note", "text", "", "association only, or why there is no answer"),
)
"""``evidence/QUESTION.association.tsv``."""

WEIGHT_COLUMNS = (
    Column("library", "text", "", "library of the question's model"),
    Column("patient", "text", "", "its patient"),
    Column("timepoint", "text", "", "its visit"),
    Column("weight", "float", "", "1 on average, one for all libraries of a patient: small for a patient out of line"),
)
"""``evidence/QUESTION.weights.tsv``."""

DIFFERENCE_COLUMNS = (
    Column("question", "text", "", "id of the difference question"),
    *ITEM,
    METHOD,
    *(
        column
        for side in ("a", "b")
        for column in (
            Column(f"level_{side}", "text", "", "level"),
            Column(f"n_{side}", "integer", "patients", "its patients"),
            Column(f"estimate_{side}", "float", "log2", "its change"),
            Column(f"ci_lower_{side}", "float", "log2", "lower end of its 95 % confidence interval"),
            Column(f"ci_upper_{side}", "float", "log2", "upper end of its 95 % confidence interval"),
        )
    ),
    Column("difference", "float", "log2", "change in a minus change in b"),
    Column("ci_lower", "float", "log2", "lower end of its 95 % confidence interval"),
    Column("ci_upper", "float", "log2", "upper end of its 95 % confidence interval"),
    Column("p_value", "float", "", "two-sided p-value of the difference"),
    Column("fdr", "float", "", "its false discovery rate, NA for items named in advance"),
    Column("verdict", "text", "", "differ, alike (interval within 0.5 log2), cannot tell or cannot be answered"),
    Column("sentence", "text", "", "the card in words"),
)
"""``evidence/differences.tsv``."""

IDENTITY_COLUMNS = (
    Column("sample", "text", "", "sample"),
    Column("patient", "text", "", "its patient"),
    Column("timepoint", "text", "", "its visit"),
    Column("compartment", "text", "", "its compartment, NA where there is one only"),
    Column("partner", "text", "", "the patient's sample of the other visit"),
    Column("closest", "text", "", "the most similar sample of the other visit"),
    Column("closest_patient", "text", "", "its patient"),
    Column("correlation_partner", "float", "", "similarity to the partner"),
    Column("correlation_closest", "float", "", "similarity to the closest"),
    Column("correlation_stranger", "float", "", "similarity to the closest sample of another patient"),
    Column("rank_of_partner", "integer", "", "place of the partner among the samples of the other visit, 1 = closest"),
    Column("n_genes_used", "integer", "genes", "genes the similarity rests on, chosen without the pairing"),
    Column("verdict", "text", "", "ok, unclear (patients cannot be told apart) or warning"),
    Column("evidence", "text", "", "what was seen"),
)
"""``evidence/pair_identity.tsv``."""

SCORE_COLUMNS = (
    Column("sample", "text", "", "sample"),
    Column("score", "text", "", "gene set"),
    Column("value", "float", "log2", "mean log2 value of the set's genes; no percentage of anything"),
    Column("n_found", "integer", "genes", "genes of the set in the matrix"),
    Column("n_genes", "integer", "genes", "genes in the set"),
)
"""``evidence/scores.tsv``."""

ANCHOR_COLUMNS = (
    Column("gene_symbol", "text", "", "approved symbol"),
    Column("system", "text", "", "what was studied"),
    Column("statement", "text", "", "what the source says, in our words"),
    Column("direction", "text", "", "up or down"),
    Column("magnitude", "text", "", "as far as the text that was read gives one"),
    Column("source", "text", "", "publication, and which part of it was read"),
)
"""``data/anchors.tsv``: published statements a dossier shows beside its own numbers."""

TABLES = (
    ("evidence/QUESTION.refits.tsv", REFIT_COLUMNS),
    ("evidence/QUESTION.leave_one_out.tsv", LEFT_OUT_COLUMNS),
    ("evidence/QUESTION.flips.tsv", FLIP_COLUMNS),
    ("evidence/QUESTION.power.tsv", POWER_COLUMNS),
    ("evidence/QUESTION.adjusted.tsv", ADJUSTED_COLUMNS),
    ("evidence/QUESTION.specifications.tsv", SPECIFICATION_COLUMNS),
    ("evidence/QUESTION.weights.tsv", WEIGHT_COLUMNS),
    ("evidence/QUESTION.association.tsv", ASSOCIATION_COLUMNS),
    ("evidence/differences.tsv", DIFFERENCE_COLUMNS),
    ("evidence/pair_identity.tsv", IDENTITY_COLUMNS),
    ("evidence/scores.tsv", SCORE_COLUMNS),
)
"""Every evidence table: file and columns."""

BY_KIND = {name.split(".")[1]: columns for name, columns in TABLES if "QUESTION" in name}
"""Columns of the tables with one file per question, by the word after the question in the file name."""
