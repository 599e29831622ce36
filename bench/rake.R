# The workload `rake`, through survey::calibrate(calfun = "raking"); making the design is not charged.
# survey::rake is not used: its epsilon is not a margin error, and it stops at 6.7e-6 where 1e-8 is asked.
suppressPackageStartupMessages(library(survey))
given <- commandArgs(trailingOnly = TRUE)
lines <- strsplit(readLines(file.path(given[1], "rake.txt"), warn = FALSE), " ")
levels <- as.integer(lines[[1]])
names <- c("region", "sexage", "education", "settlement", "ethnicity", "language")
path <- file.path(given[1], "rake.bin")
n <- file.size(path) / (4 * length(levels) + 8)
raw <- file(path, "rb")
data <- list()
for (k in seq_along(levels)) {
  code <- readBin(raw, "integer", n, size = 4, endian = "little")
  data[[names[k]]] <- factor(code, levels = seq_len(levels[k]))
}
data$weight <- readBin(raw, "double", n, size = 8, endian = "little")
close(raw)
design <- svydesign(ids = ~1, weights = ~weight, data = as.data.frame(data))
counts <- lapply(lines[-1], as.numeric)
# Targets in the order of the columns of the model matrix: the total, then all but the first level.
population <- c(sum(counts[[1]]), unlist(lapply(counts, function(margin) margin[-1])))
names(population) <- colnames(model.matrix(reformulate(names), head(as.data.frame(data), 1)))
before <- proc.time()
raked <- calibrate(design, reformulate(names), population, calfun = "raking", epsilon = 1e-8, maxit = 100)
result <- weights(raked)
taken <- proc.time() - before
answer <- file(given[2], "wb")
writeBin(as.double(result), answer, size = 8, endian = "little")
close(answer)
cat(sprintf('{"version": "%s (R %s)", "seconds": %.6f, "cpu_seconds": %.6f}\n', packageVersion("survey"),
            getRversion(), taken[["elapsed"]], taken[["user.self"]] + taken[["sys.self"]]))
