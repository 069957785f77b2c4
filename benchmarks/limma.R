# Fit one array study with R limma: Rscript limma.R MODEL FOLDER REPEAT GENES PAIRS   (values from limma_one.py)
suppressMessages(library(limma))
asked <- commandArgs(trailingOnly = TRUE)
model <- asked[1]; size <- as.integer(asked[3:5])
y <- matrix(readBin(file.path(asked[2], "values.bin"), "double", size[2] * 2 * size[3]), size[2], byrow = TRUE)
patient <- factor(rep(seq_len(size[3]), each = 2)); after <- rep(0:1, size[3])
X <- cbind(model.matrix(~ 0 + patient), after); cells <- cbind(1 - after, after)
run <- function() {
  if (model %in% c("fixed", "trend")) {
    fit <- eBayes(contrasts.fit(lmFit(y, X), c(numeric(size[3]), 1)), trend = model == "trend", robust = model == "trend")
    return(sprintf("prior df %.8g", median(fit$df.prior)))
  }
  shared <- duplicateCorrelation(y, cells, block = patient)$consensus
  if (model == "correlation") return(sprintf("correlation %.10g", shared))
  fit <- eBayes(contrasts.fit(lmFit(y, cells, block = patient, correlation = shared), c(-1, 1)))
  sprintf("prior df %.8g, correlation %.10g", fit$df.prior, shared)
}
seconds <- numeric(0)
for (i in seq_len(size[1])) seconds <- c(seconds, system.time(answer <- run())[["elapsed"]])
cat(sprintf('\n{"import": 0, "first": %g, "seconds": [%s], "dispersions": "%s", "versions": {"R": "%s", "limma": "%s"}}\n',
            seconds[1], paste(seconds, collapse = ", "), answer, getRversion(), packageVersion("limma")))
