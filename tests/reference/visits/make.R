# What R answers when three visits and a slope on the dose are asked in R's own formulas. Versions: sessionInfo.txt
suppressMessages({library(DESeq2); library(limma)})
counts <- as.matrix(read.csv("counts.csv.gz", row.names = 1, check.names = FALSE))
sheet <- read.csv("sheet.csv", stringsAsFactors = TRUE)
write_gz <- function(table, name) {
  con <- gzfile(paste0(name, ".csv.gz"), "w"); on.exit(close(con))
  write.csv(format(as.data.frame(table), digits = 17), con, quote = FALSE)
}
deseq <- function(counts, sheet, design, contrasts) {
  dds <- DESeqDataSetFromMatrix(counts, sheet, design)
  dds <- DESeq(dds, minReplicatesForReplace = Inf, quiet = TRUE)
  for (name in names(contrasts)) {
    found <- results(dds, contrast = contrasts[[name]](resultsNames(dds)), cooksCutoff = FALSE, independentFiltering = FALSE)
    write_gz(found[, c("log2FoldChange", "lfcSE", "stat", "pvalue")], paste0("deseq2_", name))
  }
}
coefficient <- function(wanted, minus = character()) function(names) (names %in% wanted) - (names %in% minus)
deseq(counts, sheet, ~ patient + timepoint, list(
  response_timepoint_week1 = coefficient("timepoint_week1_vs_baseline"),
  response_timepoint_week8 = coefficient("timepoint_week8_vs_baseline"),
  difference_timepoint_week8_vs_week1 = coefficient("timepoint_week8_vs_baseline", "timepoint_week1_vs_baseline")))
two <- sheet$timepoint != "week8"
part <- droplevels(sheet[two, ])
part$week1 <- as.numeric(part$timepoint == "week1")
part$dose <- part$dose - mean(part$dose)
deseq(counts[, two], part, ~ patient + week1 + week1:dose, list(slope_mg_per_kg_day = coefficient("week1.dose")))

log2cpm <- log2(t(t(counts + 0.5) / (colSums(counts) + 1) * 1e6))
fitted <- function(values, design, contrasts, prefix) {
  fit <- lmFit(values, design)
  for (name in names(contrasts)) {
    found <- eBayes(contrasts.fit(fit, contrasts[[name]]))
    write_gz(data.frame(estimate = found$coefficients[, 1], t = found$t[, 1], p = found$p.value[, 1],
                        df = rep_len(found$df.total, nrow(values))), paste0("limma_", name))
  }
}
X <- model.matrix(~ patient + timepoint, sheet)
at <- function(X, name) as.numeric(colnames(X) == name)
fitted(log2cpm, X, list(
  response_timepoint_week1 = at(X, "timepointweek1"), response_timepoint_week8 = at(X, "timepointweek8"),
  difference_timepoint_week8_vs_week1 = at(X, "timepointweek8") - at(X, "timepointweek1")))
X <- model.matrix(~ patient + week1 + week1:dose, part)
fitted(log2cpm[, two], X, list(slope_mg_per_kg_day = at(X, "week1:dose")))
writeLines(capture.output(sessionInfo()), "sessionInfo.txt")
