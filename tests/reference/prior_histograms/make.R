# Simulated histograms of log residuals that R DESeq2 compares with when residual df are 1, 2 or 3.
# The draws depend on the df and on the grid of variances alone, so they are made once, with the generator and the
# order of calls of DESeq2:::estimateDispersionsPriorVar (DESeq2 1.38.3).
# Run in this folder: Rscript make.R
# Writes 3 x 200 rows: the df and the counts in 40 bins of width .5 from -10 to 10; rows of one df are in the order of
# 200 variances from 0 to 8.
breaks <- -20:20 / 2
variances <- seq(from = 0, to = 8, length = 200)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

simulate <- function(variance, df) {
  chi <- log(rchisq(10000, df = df))
  draws <- chi + rnorm(10000, 0, sqrt(variance)) - log(df)
  draws <- draws[draws > min(breaks) & draws < max(breaks)]
  hist(draws, breaks = breaks, plot = FALSE)$counts
}
rows <- lapply(1:3, function(df) {
  set.seed(2)
  cbind(df, t(sapply(variances, simulate, df = df)))
})
table <- do.call(rbind, rows)
colnames(table) <- c("df", paste0("from_", head(breaks, -1)))
file <- gzfile("../../../src/dermshift/engines/deseq2/prior_histograms.csv.gz", "w", compression = 9)
write.csv(table, file, row.names = FALSE, quote = FALSE)
close(file)
writeLines(capture.output(sessionInfo()), "sessionInfo.txt")
