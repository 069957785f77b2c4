# Random-effects summaries by R metafor: Paule-Mandel between-study variance, Hartung-Knapp interval that is never
# narrower than the one without it (test = "adhoc"), and the prediction interval with k - 2 degrees of freedom.
# Rscript make.R
library(metafor)
studies <- read.csv("studies.csv", stringsAsFactors = FALSE)
answers <- lapply(split(studies, factor(studies$case, unique(studies$case))), function(one) {
  tight <- list(tol = 1e-14, maxiter = 10000)
  fit <- rma(yi = one$estimate, sei = one$standard_error, method = "PM", test = "adhoc", control = tight)
  k <- nrow(one)
  half <- if (k > 2) qt(.975, k - 2) * sqrt(fit$tau2 + 1 / sum(1 / (one$standard_error^2 + fit$tau2))) else NA
  data.frame(case = one$case[1], k = k, estimate = c(fit$beta), standard_error = fit$se, ci_lower = fit$ci.lb,
             ci_upper = fit$ci.ub, p_value = fit$pval, tau2 = fit$tau2, q = fit$QE, q_p = fit$QEp,
             pi_lower = c(fit$beta) - half, pi_upper = c(fit$beta) + half)
})
write.csv(format(do.call(rbind, answers), digits = 15), "answers.csv", row.names = FALSE, quote = FALSE)
writeLines(capture.output(sessionInfo()), "sessionInfo.txt")
