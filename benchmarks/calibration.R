# R DESeq2 on the response of `python benchmarks/calibration.py --export FOLDER SEED`: Rscript calibration.R FOLDER
# Prints genes called at FDR 5 %, how many of them are null, and the share of null genes below p over p.
suppressMessages(library(DESeq2))
folder <- commandArgs(trailingOnly = TRUE)[1]
counts <- as.matrix(read.csv(file.path(folder, "counts.csv"), row.names = 1, check.names = FALSE))
sheet <- read.csv(file.path(folder, "libraries.csv"), row.names = 1, stringsAsFactors = TRUE)
null <- readLines(file.path(folder, "null.txt"))
fit <- DESeq(DESeqDataSetFromMatrix(counts, sheet, ~ patient + timepoint), quiet = TRUE)
for (useT in c(FALSE, TRUE)) {
  tested <- nbinomWaldTest(fit, useT = useT, quiet = TRUE)
  table <- results(tested, independentFiltering = FALSE, cooksCutoff = FALSE)
  called <- rownames(table)[which(table$padj < 0.05)]
  p <- table[null, "pvalue"]
  share <- sapply(c(0.05, 0.001, 0.0001), function(a) mean(p < a, na.rm = TRUE) / a)
  cat("useT", useT, "called", length(called), "null", sum(called %in% null), "shares", round(share, 2), "\n")
}
cat("DESeq2", as.character(packageVersion("DESeq2")), "\n")
