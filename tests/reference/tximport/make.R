# What R tximport answers for the quantifications of make_quantifications.py; versions in sessionInfo.txt.
suppressPackageStartupMessages(library(tximport))
map <- read.csv("tx2gene.csv")
samples <- c("one", "two", "three")
paths <- list(salmon = file.path("salmon", samples, "quant.sf"), kallisto = file.path("kallisto", samples, "abundance.tsv"))
for (type in names(paths)) {
  files <- setNames(paths[[type]], samples)
  read <- tximport(files, type = type, tx2gene = map, countsFromAbundance = "lengthScaledTPM", ignoreTxVersion = TRUE,
                   importer = read.delim)
  table <- as.data.frame(read$counts)
  table[] <- lapply(table, function(x) sprintf("%.17g", x))
  table <- cbind(gene = rownames(table), table)
  write.csv(table, paste0(type, ".csv"), row.names = FALSE, quote = FALSE)
}
writeLines(capture.output(sessionInfo()), "sessionInfo.txt")
