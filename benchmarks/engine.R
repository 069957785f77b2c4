# Fit and test one benchmark study with R DESeq2: Rscript engine.R FOLDER REPEAT   (FOLDER from engine_simulate.py)
# Prints one line of JSON, as engine_one.py does.
started <- proc.time()[["elapsed"]]
suppressMessages(library(DESeq2))
importing <- proc.time()[["elapsed"]] - started
arguments <- commandArgs(trailingOnly = TRUE)
read_matrix <- function(name) as.matrix(read.csv(file.path(arguments[1], name), row.names = 1, check.names = FALSE))
counts <- read_matrix("counts.csv")
design <- read_matrix("design.csv")
last <- as.numeric(seq_len(ncol(design)) == ncol(design))
seconds <- numeric()
for (i in seq_len(as.integer(arguments[2]))) {
  time <- system.time({
    dds <- DESeqDataSetFromMatrix(counts, data.frame(row.names = rownames(design)), design = design)
    dds <- DESeq(dds, quiet = TRUE)
    table <- results(dds, contrast = last)
  })
  seconds[i] <- time[["elapsed"]]
}
write.csv(as.data.frame(table)[, c("pvalue", "padj")], file.path(arguments[1], "r.csv"), row.names = FALSE)
curve <- attributes(dispersionFunction(dds))
trend <- sprintf("%.6g + %.6g/mean; %.4g", curve$coefficients[[1]], curve$coefficients[[2]], curve$dispPriorVar)
cat(sprintf('\n{"import": %f, "first": %f, "seconds": [%s], "dispersions": "%s", "versions": {"R": "%s", "DESeq2": "%s"}}\n',
            importing, seconds[1], paste(seconds, collapse = ", "), trend, getRversion(), packageVersion("DESeq2")))
