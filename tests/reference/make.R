# What R DESeq2 answers for the studies of make_counts.py: Rscript make.R [study ...]   (from this folder)
suppressMessages(library(DESeq2))

save_table <- function(x, folder, name) {
  con <- gzfile(file.path(folder, paste0(name, ".csv.gz")), "w")
  write.csv(as.data.frame(x), con)   # 15 significant digits
  close(con)
}
read_matrix <- function(folder, name) as.matrix(read.csv(file.path(folder, name), row.names = 1, check.names = FALSE))

json <- function(values) {
  text <- vapply(values, function(v) {
    v <- unlist(v)
    body <- if (is.character(v)) paste0('"', v, '"') else ifelse(is.na(v), "null", sprintf("%.17g", v))
    if (!is.null(names(v))) return(paste0("{", paste0('"', names(v), '": ', body, collapse = ", "), "}"))
    body
  }, "")
  paste0("{\n", paste0('  "', names(values), '": ', text, collapse = ",\n"), "\n}")
}

scalars <- function(dds, filter_thresholds) {
  trend <- dispersionFunction(dds)
  converged <- mcols(dds)$betaConv
  list(
    size_factors = sizeFactors(dds),
    fit_type = attr(trend, "fitType"),
    trend = if (attr(trend, "fitType") == "parametric") attr(trend, "coefficients") else "none",
    dispPriorVar = attr(trend, "dispPriorVar"),
    varLogDispEsts = attr(trend, "varLogDispEsts"),
    all_zero = sum(mcols(dds)$allZero),
    refitted = if (is.null(mcols(dds)$replace)) 0 else sum(mcols(dds)$replace, na.rm = TRUE),
    not_converged = sum(!converged, na.rm = TRUE),
    beta_iterations_exhausted = sum(mcols(dds)$betaIter >= 100, na.rm = TRUE),
    filter_threshold = filter_thresholds
  )
}

dispersion_columns <- c("baseMean", "dispGeneEst", "dispFit", "dispMAP", "dispersion", "dispOutlier", "betaConv",
                        "betaIter", "maxCooks", "replace")

run <- function(folder) {
  counts <- read_matrix(folder, "counts.csv.gz")
  full <- read_matrix(folder, "design.csv")
  reduced <- read_matrix(folder, "reduced.csv")
  contrasts <- read_matrix(folder, "contrasts.csv")
  stopifnot(identical(colnames(counts), rownames(full)), identical(rownames(full), rownames(reduced)))
  libraries <- data.frame(row.names = rownames(full))
  dds <- DESeqDataSetFromMatrix(counts, libraries, design = full)
  dds <- DESeq(dds, quiet = FALSE)
  mcols(dds)$replace <- if (is.null(mcols(dds)$replace)) FALSE else mcols(dds)$replace
  save_table(mcols(dds)[, intersect(dispersion_columns, names(mcols(dds)))], folder, "dispersions")
  thresholds <- c()
  alternatives <- c(lfc1 = "greaterAbs")
  if (basename(folder) == "sex_by_timepoint") {
    alternatives <- c(alternatives, lfc1_less = "less", lfc1_greater = "greater", lfc1_lessAbs = "lessAbs")
  }
  tested <- c("stat", "pvalue", "padj")   # the estimates are those of the Wald table
  for (question in rownames(contrasts)) {
    weights <- contrasts[question, ]
    wald <- results(dds, contrast = unname(weights))   # alpha .1, its default
    save_table(wald, folder, paste0("wald_", question))
    thresholds[question] <- unname(metadata(wald)$filterThreshold)
    for (name in names(alternatives)) {
      table <- results(dds, contrast = unname(weights), lfcThreshold = 1, altHypothesis = alternatives[[name]])
      save_table(table[, tested], folder, sub("lfc1", paste0("lfc1_", question), name))
    }
  }
  writeLines(json(scalars(dds, thresholds)), file.path(folder, "scalars.json"))
  fresh <- DESeqDataSetFromMatrix(counts, libraries, design = full)
  lrt <- DESeq(fresh, test = "LRT", full = full, reduced = reduced, quiet = TRUE)
  save_table(results(lrt)[, tested], folder, "lrt")
  cat(folder, "done\n")
}

studies <- commandArgs(trailingOnly = TRUE)
if (!length(studies)) studies <- basename(dirname(Sys.glob("*/contrasts.csv")))
for (study in studies) run(study)
writeLines(capture.output(sessionInfo()), "sessionInfo.txt")
