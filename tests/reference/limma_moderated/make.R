# What R limma answers for the changes of seven patients: Rscript make.R   (from this folder)
suppressMessages(library(limma))
changes <- as.matrix(read.csv("changes.csv", row.names = 1))
male <- as.numeric(colnames(changes) %in% c("P2", "P4", "P6"))

answer <- function(values, design, name) {
  fit <- eBayes(lmFit(values, design))
  k <- ncol(design)
  table <- data.frame(estimate = fit$coefficients[, k], variance = fit$sigma^2, posterior = fit$s2.post,
                      standard_error = fit$stdev.unscaled[, k] * sqrt(fit$s2.post), df = fit$df.total,
                      statistic = fit$t[, k], p_value = fit$p.value[, k])
  table$prior_df <- fit$df.prior
  table$prior_variance <- fit$s2.prior
  table[] <- lapply(table, function(x) sprintf("%.17g", x))
  write.csv(table, paste0(name, ".csv"), quote = FALSE)
}

one <- function(n) matrix(1, n, 1)
answer(changes, one(7), "response")
answer(changes, cbind(1, male), "difference")                     # male minus female
answer(changes[, 1:3], one(3), "three_patients")
answer(changes / apply(changes, 1, sd), one(7), "equal_variances")   # nothing to learn from: prior df infinite
writeLines(capture.output(sessionInfo()), "sessionInfo.txt")
