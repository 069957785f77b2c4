# Array weights of R limma and the weighted fit that goes with them: Rscript make.R   (from this folder)
# Simulated values; patients as indicator columns, no intercept. One library of each study is noisier than the others.
suppressMessages(library(limma))

patient_columns <- function(labels) {
  levels <- sort(unique(labels))
  columns <- vapply(levels, function(level) as.numeric(labels == level), numeric(length(labels)))
  colnames(columns) <- paste0("patient_", levels)
  columns
}

response <- function() {
  patient <- rep(paste0("P", 1:7), each = 2)
  cbind(patient_columns(patient), week1 = rep(0:1, 7))
}

by_sex <- function() {
  patient <- rep(paste0("P", 1:7), each = 2)
  male <- rep(c(0, 0, 0, 0, 1, 1, 1), each = 2)
  after <- rep(0:1, 7)
  cbind(patient_columns(patient), week1_female = after * (1 - male), week1_male = after * male)
}

compartments <- function() {
  patient <- rep(paste0("P", 1:7), each = 4)
  place <- rep(rep(c("gland", "dermis"), each = 2), 7)
  after <- rep(0:1, 14)
  each <- patient_columns(patient) * after
  colnames(each) <- sub("patient", "week1_patient", colnames(each))
  cbind(patient_columns(paste(patient, place, sep = "_")), each, week1_gland = after * (place == "gland"))
}

run <- function(name, design, weights, genes = 200, noisy = 6) {
  dir.create(name, showWarnings = FALSE)
  n <- nrow(design)
  rownames(design) <- sprintf("L%02d", seq_len(n))
  spread <- rep(0.3, n)
  spread[noisy] <- 1.2
  sd <- sqrt(1 / rgamma(genes, 4, 4))   # genes differ in their variance
  values <- rnorm(genes, 6, 2) + t(matrix(rnorm(genes * n), n) * spread) * sd
  values <- round(values, 6)            # the file holds exactly what R fits
  dimnames(values) <- list(sprintf("G%03d", seq_len(genes)), rownames(design))
  found <- arrayWeights(values, design)
  fit <- lmFit(values, design, weights = found)
  fit <- eBayes(contrasts.fit(fit, contrasts = matrix(weights, dimnames = list(colnames(design), "contrast"))))
  table <- data.frame(estimate = fit$coefficients[, 1],
                      standard_error = (fit$stdev.unscaled * sqrt(fit$s2.post))[, 1],
                      df = fit$df.total, p_value = fit$p.value[, 1], row.names = rownames(values))
  save(t(values), file.path(name, "values.csv.gz"))
  save(design, file.path(name, "design.csv.gz"))
  save(data.frame(contrast = weights, row.names = colnames(design)), file.path(name, "contrast.csv.gz"))
  save(data.frame(weight = found, row.names = rownames(design)), file.path(name, "weights.csv.gz"))
  save(table, file.path(name, "table.csv.gz"))
}

save <- function(x, path) {
  con <- gzfile(path, "w")
  write.csv(format(as.data.frame(x), digits = 15, trim = TRUE), con, quote = FALSE)
  close(con)
}

set.seed(20)
run("response", response(), c(rep(0, 7), 1))
run("sex", by_sex(), c(rep(0, 7), -1, 1))
run("compartments", compartments(), c(rep(0, 21), 1))
writeLines(capture.output(sessionInfo()), "sessionInfo.txt")
