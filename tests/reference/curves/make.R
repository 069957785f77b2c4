# Trend, local regressions, prior variance and filter of R DESeq2 and of the functions it calls, on made-up numbers.
# Run: Rscript make.R [airway_dispersions.csv.gz]  (in this folder; needs Bioconductor DESeq2)
# The optional table has the columns baseMean and dispGeneEst; it adds the local trend of the airway counts.
# Inputs are rounded to few digits, so that the text holds them exactly.
suppressMessages(library(DESeq2))
library(locfit)

save <- function(table, name, digits = 17) {
  numbers <- sapply(table, is.double)
  table[numbers] <- lapply(table[numbers], function(v) ifelse(is.na(v), "", sprintf("%.*g", digits, v)))
  file <- gzfile(paste0(name, ".csv.gz"), "w", compression = 9)
  write.csv(table, file, row.names = FALSE, quote = FALSE, na = "")
  close(file)
}
by_case <- function(cases, f) do.call(rbind, lapply(names(cases), function(case) cbind(case = case, f(cases[[case]]))))

# ---- dispersion trend
set.seed(1)
genes <- function(n, a, b, df, floor = 0, outliers = 0) {
  mean <- 10^runif(n, -0.5, 4)
  dispersion <- (a + b / mean) * rchisq(n, df) / df
  dispersion[seq_len(floor)] <- c(1e-8, 3e-7, 1e-6, 2e-6)
  dispersion[floor + seq_len(outliers)] <- 40 * (a + b / mean[floor + seq_len(outliers)])
  data.frame(mean = signif(mean, 7), dispersion = signif(dispersion, 7))
}
rising <- genes(300, 0.02, 0, 4)
rising$dispersion <- signif(rising$dispersion * rising$mean^0.5, 7)
trend_data <- list(
  typical = genes(400, 0.05, 2, 5),
  floor = genes(400, 0.01, 3, 3, floor = 120, outliers = 12),
  steep = genes(200, 0.001, 60, 2),
  few = genes(10, 0.05, 2, 4),
  rising = rising
)
fit_trend <- function(data, kind) {
  counts <- matrix(1:4, nrow(data), 4, byrow = TRUE)
  dds <- DESeqDataSetFromMatrix(counts, data.frame(x = factor(c(1, 1, 2, 2))), ~x)
  mcols(dds)$baseMean <- data$mean
  mcols(dds)$allZero <- FALSE
  mcols(dds)$dispGeneEst <- data$dispersion
  suppressMessages(dispersionFunction(estimateDispersionsFit(dds, fitType = kind)))
}
asked <- signif(10^seq(-1, 5, length.out = 30), 6)
trend_of <- function(data) {
  rows <- lapply(c("parametric", "local", "mean"), function(kind) {
    f <- fit_trend(data, kind)
    pair <- attr(f, "coefficients")
    if (is.null(pair)) pair <- c(NA, NA)
    data.frame(asked = kind, kind = attr(f, "fitType"), a = pair[[1]], b = pair[[2]], mean = asked,
               dispersion = rep_len(f(asked), 30))
  })
  do.call(rbind, rows)
}
save(by_case(trend_data, identity), "trend_genes", digits = 15)
save(by_case(trend_data, trend_of), "trend")

# ---- gamma regression that needs shorter steps
gamma_data <- list()
for (seed in 1:400) {
  set.seed(seed)
  x <- signif(rexp(6)^3, 5)
  y <- signif(exp(rnorm(6, 0, 3)), 5)
  warned <- FALSE
  fit <- try(withCallingHandlers(glm(y ~ x, family = Gamma("identity"), start = c(0.1, 1)), warning = function(w) {
    warned <<- warned || grepl("truncated", conditionMessage(w))
    invokeRestart("muffleWarning")
  }), silent = TRUE)
  if (warned && length(gamma_data) < 12) {
    stopped <- inherits(fit, "try-error")
    gamma_data[[paste0("seed", seed)]] <- data.frame(x, y, a = if (stopped) NA else coef(fit)[[1]],
      b = if (stopped) NA else coef(fit)[[2]], converged = if (stopped) "" else as.character(fit$converged))
  }
}
save(by_case(gamma_data, identity), "gamma")

# ---- local regression
set.seed(2)
points <- function(x, y, weights) data.frame(x = signif(x, 6), y = signif(y, 6), weight = signif(weights, 6))
u <- runif(100); v <- rnorm(300, 5, 2); e <- rexp(150); s <- runif(9)
locfit_data <- list(
  uniform = points(u, sin(3 * u) + rnorm(100) / 5, exp(rnorm(100))),
  heavy = points(v, sin(v) + rnorm(300) / 3, exp(v)),
  skewed = points(e, sin(3 * e) + rnorm(150) / 5, exp(rnorm(150))),
  few = points(s, sin(3 * s) + rnorm(9) / 5, rep(1, 9))
)
locfit_of <- function(data) {
  ends <- range(data$x)
  q <- seq(ends[1] - 0.2 * diff(ends), ends[2] + 0.2 * diff(ends), length.out = 60)
  data.frame(x = signif(q, 6), y = predict(locfit(y ~ x, data = data, weights = data$weight), signif(q, 6)))
}
save(by_case(locfit_data, identity), "locfit_points", digits = 15)
save(by_case(locfit_data, locfit_of), "locfit")

loess_data <- list(
  grid = points(seq(0, 8, length.out = 200), rnorm(200), 0.2),
  uneven = points(rnorm(77)^3, rnorm(77), 0.75),
  ties = points(round(rnorm(300), 1), rnorm(300), 0.5)
)
loess_of <- function(data) {
  q <- signif(seq(min(data$x) - 0.01, max(data$x) + 0.01, length.out = 80), 6)
  data.frame(x = q, y = predict(loess(y ~ x, data, span = data$weight[1]), q))
}
save(by_case(loess_data, identity), "loess_points", digits = 15)
save(by_case(loess_data, loess_of), "loess")

# ---- prior variance
set.seed(3)
noise <- function(n, df, sd) signif(log(rchisq(n, df) / df) + rnorm(n, 0, sd), 6)
edges <- c(noise(150, 3, 1), -10, 10, 12, -11, seq(-2, 2, 0.5))
residuals <- list(narrow = noise(300, 3, 0.3), wide = noise(300, 2, 1.5), very_wide = noise(200, 1, 3), few = noise(12, 3, 1),
                  edges = edges, heavy = signif(rt(300, 2), 6))
prior_of <- function(residual) {
  rows <- lapply(c(1, 2, 3, 4, 9), function(df) {
    n <- length(residual)
    dds <- DESeqDataSetFromMatrix(matrix(1:4, n, 4, byrow = TRUE), data.frame(x = factor(c(1, 1, 2, 2))), ~x)
    mcols(dds)$baseMean <- 1
    mcols(dds)$allZero <- FALSE
    mcols(dds)$dispFit <- 1
    mcols(dds)$dispGeneEst <- exp(residual)
    f <- function(q) 1
    attr(f, "varLogDispEsts") <- mad(residual)^2
    dds@dispersionFunction <- f
    variance <- DESeq2:::estimateDispersionsPriorVar(dds, modelMatrix = matrix(1, df + 2, 2))
    data.frame(df = as.integer(df), mad_variance = mad(residual)^2, prior_variance = variance)
  })
  do.call(rbind, rows)
}
save(by_case(residuals, function(residual) data.frame(residual)), "prior_residuals", digits = 15)
save(by_case(residuals, prior_of), "prior")

# ---- lowess and the filter
set.seed(4)
share <- seq(0.137, 0.95, length.out = 50)
counts <- list(
  flat = rep(700, 50), hill = round(1000 * exp(-((share - 0.4) / 0.3)^2)), noise = rpois(50, 300),
  spikes = replace(rep(40, 50), c(7, 22, 41), c(0, 900, 12)), rising = cumsum(rpois(50, 2)),
  cliff = c(rep(200, 20), round(200 - (1:30)^1.5)), zeros = c(rep(0, 30), 1:20), small = rpois(50, 2)
)
save(by_case(counts, function(n) data.frame(theta = share, n = n, y = lowess(n ~ share, f = 1 / 5)$y)), "lowess")

tests <- function(n, zeros, effect, missing = 0, rounded = FALSE) {
  mean <- c(rep(0, zeros), 10^runif(n - zeros, -1, 4))
  z <- rnorm(n) + effect * (runif(n) < 0.2) * pmin(sqrt(mean) / 5, 4)
  p <- 2 * pnorm(-abs(z))
  p[mean == 0] <- NA
  p[sample(n, missing)] <- NA
  order <- sample(n)
  data.frame(mean = if (rounded) round(mean[order]) else signif(mean[order], 7), p = signif(p[order], 7))
}
filter_data <- list(
  typical = tests(400, 60, 1), weak = tests(300, 0, 0.3), nothing = tests(300, 30, 0), sparse = tests(600, 580, 3),
  missing = tests(300, 20, 2, missing = 60), ties = tests(400, 40, 1, rounded = TRUE), strong = tests(300, 0, 8)
)
for (seed in c(19, 21, 75)) { # many local tops: the shape of the smoothed curve decides
  set.seed(seed)
  filter_data[[paste0("noisy", seed)]] <- tests(400, 40, 2)
}
filter_of <- function(data) {
  rows <- lapply(c(0.05, 0.1, 0.4), function(alpha) {
    result <- DataFrame(baseMean = data$mean, pvalue = data$p)
    result <- DESeq2:::pvalueAdjustment(result, TRUE, alpha = alpha, pAdjustMethod = "BH")
    data.frame(alpha, row = seq_len(nrow(data)), padj = result$padj, threshold = metadata(result)$filterThreshold,
               theta = metadata(result)$filterTheta)
  })
  do.call(rbind, rows)
}
save(by_case(filter_data, identity), "filter_tests", digits = 15)
save(by_case(filter_data, filter_of), "filter")

# ---- local trend of real counts
path <- commandArgs(trailingOnly = TRUE)
if (length(path)) {
  airway <- read.csv(gzfile(path[1]), row.names = 1)
  airway <- airway[!is.na(airway$dispGeneEst), ]
  names(airway)[match(c("baseMean", "dispGeneEst"), names(airway))] <- c("mean", "dispersion")
  q <- signif(10^seq(-2, 7, length.out = 100), 6)
  f <- fit_trend(airway, "local")
  save(data.frame(mean = q, dispersion = f(q)), "airway_local")
}
writeLines(capture.output(sessionInfo()), "sessionInfo.txt")
