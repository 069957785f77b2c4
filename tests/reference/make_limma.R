# What R limma and edgeR answer for the studies of make_log2.py and one of make_counts.py: Rscript make_limma.R
# (from this folder; needs limma, statmod and edgeR)
suppressMessages({library(limma); library(edgeR)})

read_matrix <- function(folder, name) as.matrix(read.csv(file.path(folder, name), row.names = 1, check.names = FALSE))

save_table <- function(x, folder, name) {
  con <- gzfile(file.path(folder, paste0(name, ".csv.gz")), "w")
  write.csv(as.data.frame(x), con)   # 15 significant digits
  close(con)
}

# logFC, t, P of every question, and the degrees of freedom of their curve
answers <- function(fit) {
  parts <- lapply(colnames(fit$coefficients), function(q) {
    part <- cbind(fit$coefficients[, q], fit$t[, q], fit$p.value[, q])
    colnames(part) <- paste0(c("logFC.", "t.", "P."), q)
    part
  })
  cbind(do.call(cbind, parts), df = fit$df.total)
}

json <- function(values) {
  text <- vapply(values, function(v) {
    body <- ifelse(is.finite(v), sprintf("%.17g", v), '"infinite"')
    if (!is.null(names(v))) return(paste0("{", paste0('"', names(v), '": ', body, collapse = ", "), "}"))
    body
  }, "")
  paste0("{\n", paste0('  "', names(values), '": ', text, collapse = ",\n"), "\n}")
}

# one number, or three where genes differ
summarised <- function(v) if (length(unique(v)) == 1) v[[1]] else c(min = min(v), median = median(v), max = max(v))
prior <- function(fit) list(df_prior = summarised(fit$df.prior), s2_prior = summarised(fit$s2.prior))

study <- function(folder) {
  y <- read_matrix(folder, "values.csv.gz")
  X <- read_matrix(folder, "design.csv")
  C <- t(read_matrix(folder, "questions.csv"))
  stopifnot(identical(colnames(y), rownames(X)))
  plain <- contrasts.fit(lmFit(y, X), C)
  weights <- arrayWeights(y, X)
  weighted <- contrasts.fit(lmFit(y, X, weights = weights), C)
  fits <- list(
    plain = eBayes(plain), trend = eBayes(plain, trend = TRUE), robust = eBayes(plain, robust = TRUE),
    robust_trend = eBayes(plain, trend = TRUE, robust = TRUE), treat = treat(plain, lfc = 0.5),
    weights = eBayes(weighted)
  )
  cells <- read_matrix(folder, "cells.csv")
  D <- t(read_matrix(folder, "cell_questions.csv"))
  block <- read.csv(file.path(folder, "block.csv"))$patient
  shared <- duplicateCorrelation(y, cells, block = block)
  fits$random_block <- eBayes(contrasts.fit(lmFit(y, cells, block = block, correlation = shared$consensus), D))
  heavy <- arrayWeights(y, cells)
  shared_weighted <- duplicateCorrelation(y, cells, block = block, weights = heavy)
  fits$random_block_weights <- eBayes(contrasts.fit(
    lmFit(y, cells, block = block, correlation = shared_weighted$consensus, weights = heavy), D
  ))
  for (name in names(fits)) save_table(answers(fits[[name]]), folder, name)
  save_table(data.frame(atanh = shared$atanh.correlations, row.names = rownames(y)), folder, "correlations")
  facts <- unlist(lapply(fits, prior), recursive = FALSE)
  names(facts) <- sub("[.]", "_", names(facts))
  facts <- c(facts, consensus = shared$consensus, consensus_weights = shared_weighted$consensus)
  facts$array_weights <- setNames(weights, colnames(y))
  writeLines(json(facts), file.path(folder, "scalars.json"))
}

# the exact standard error of each contrast: the design is written so that the contrast is a coefficient
each_contrast <- function(v, X, C) {
  fits <- lapply(colnames(C), function(q) {
    again <- contrastAsCoef(X, C[, q])
    fit <- eBayes(lmFit(v, again$design))[, again$coef]
    colnames(fit$coefficients) <- colnames(fit$t) <- colnames(fit$p.value) <- q
    answers(fit)
  })
  table <- do.call(cbind, fits)
  table[, !duplicated(colnames(table))]
}

counted <- function(from, folder) {
  dir.create(folder, showWarnings = FALSE)
  counts <- read_matrix(from, "counts.csv.gz")
  X <- read_matrix(from, "design.csv")
  C <- t(read_matrix(from, "contrasts.csv"))
  kept <- rowSums(counts >= 10) >= ncol(counts) / 2 & apply(counts, 1, max) > apply(counts, 1, min)
  dge <- calcNormFactors(DGEList(counts[kept, ]))
  v <- voom(dge, X)
  shown <- seq(1, sum(kept), 2)   # every second gene is enough
  save_table(each_contrast(v, X, C)[shown, ], folder, "voom")
  heavy <- voomWithQualityWeights(dge, X)
  save_table(each_contrast(heavy, X, C[, "male_vs_female", drop = FALSE])[shown, ], folder, "weights")
  fit <- eBayes(lmFit(v, X))
  facts <- c(prior(fit), list(n_genes = sum(kept), factors = setNames(dge$samples$norm.factors, colnames(counts))))
  facts$sample_weights <- setNames(heavy$targets$sample.weights, colnames(counts))
  writeLines(json(facts), file.path(folder, "scalars.json"))
}

hard <- function(folder) {
  y <- read_matrix(folder, "values.csv.gz")
  X <- read_matrix(folder, "design.csv")
  block <- read.csv(file.path(folder, "block.csv"))
  plain <- duplicateCorrelation(y, X, block = block$patient)
  weighted <- duplicateCorrelation(y, X, block = block$patient, weights = block$weight)
  save_table(data.frame(plain = plain$atanh.correlations, weighted = weighted$atanh.correlations), folder, "correlations")
  writeLines(json(list(plain = plain$consensus, weighted = weighted$consensus)), file.path(folder, "scalars.json"))
}

study("limma_sex_by_timepoint")
study("limma_compartments")
counted("sex_by_timepoint", "voom_sex_by_timepoint")
hard("limma_hard_blocks")
writeLines(capture.output(sessionInfo()), "sessionInfo_limma.txt")
