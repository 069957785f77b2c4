# Log gamma and digamma of R on arguments around every branch of its two functions.
# Run: Rscript make.R  (in this folder; base R)
x <- c(1e-8, 1e-4, .01, .1, .3, .5, .9, 1, 1.3, 1.5, 1.7, 2, 2.5, 3, 4.2, 5, 6.9, 8.5, 8.999, 9, 9.5, 9.999, 10,
       10.001, 11, 12.3, 15, 20, 33.3, 50, 77.7, 100, 123.4, 500, 1e3, 12345.6, 1e5, 999999.5, 4934719, 4934721, 1e7,
       1e8, 1e8 + .5, 1e10)
exact <- function(v) sprintf("%.17g", v)
table <- data.frame(x = exact(x), log_gamma = exact(lgamma(x)), digamma = exact(digamma(x)))
write.csv(table, "gamma.csv", row.names = FALSE, quote = FALSE)
writeLines(R.version.string, "version.txt")
