# What R limma's fry and camera answer for the studies of make_enrichment.py: Rscript make_enrichment.R
# (from this folder; needs limma, statmod and edgeR)
suppressMessages({library(limma); library(edgeR)})

read_matrix <- function(path) as.matrix(read.csv(path, row.names = 1, check.names = FALSE))

save_table <- function(x, path) {
  con <- gzfile(path, "w")
  write.csv(x, con)   # 15 significant digits
  close(con)
}

# both tests of every set, camera with the correlation estimated and with the one it takes by default
answers <- function(y, X, contrast, index, ...) {
  rotated <- fry(y, index, X, contrast, sort = "none", ...)
  table <- data.frame(
    n_genes = rotated$NGenes, fry_direction = rotated$Direction, fry = rotated$PValue,
    fry_mixed = rotated$PValue.Mixed, row.names = rownames(rotated)
  )
  if (!"block" %in% names(list(...))) {
    estimated <- camera(y, index, X, contrast, inter.gene.cor = NA, sort = FALSE)
    default <- camera(y, index, X, contrast, sort = FALSE)
    table <- cbind(table, camera_direction = estimated$Direction, correlation = estimated$Correlation,
                   camera = estimated$PValue, camera_default = default$PValue)
  }
  table
}

study <- function(folder) {
  values <- read_matrix(file.path(folder, "values.csv.gz"))
  members <- read.csv(file.path(folder, "sets.csv.gz"))
  index <- ids2indices(split(members$gene, factor(members$set, unique(members$set))), rownames(values))
  for (question in list.dirs(folder, full.names = FALSE, recursive = FALSE)) {
    at <- file.path(folder, question)
    X <- read_matrix(file.path(at, "design.csv"))
    contrast <- read.csv(file.path(at, "contrast.csv"))$weight
    y <- values[, rownames(X)]
    if (folder == "enrichment_counts") {
      y <- voom(calcNormFactors(DGEList(y)), X)
      # the same data and design in another order: the answer should not depend on it, and does
      Z <- read_matrix(file.path(at, "shuffled.csv"))
      again <- answers(y[, rownames(Z)], Z, setNames(contrast, colnames(X))[colnames(Z)], index)
      save_table(again, file.path(at, "shuffled_answers.csv.gz"))
    }
    if (file.exists(file.path(at, "block.csv"))) {
      block <- read.csv(file.path(at, "block.csv"))$patient
      shared <- duplicateCorrelation(y, X, block = block)$consensus
      writeLines(sprintf("%.17g", shared), file.path(at, "correlation.txt"))
      found <- answers(y, X, contrast, index, block = block, correlation = shared)
    } else {
      found <- answers(y, X, contrast, index)
    }
    save_table(found, file.path(at, "answers.csv.gz"))
  }
}

study("enrichment_log2")
study("enrichment_counts")
writeLines(capture.output(sessionInfo()), "sessionInfo_enrichment.txt")
