# The workload `ranks`, through csranks::csranks (simultaneous, two-sided, step-down).
suppressPackageStartupMessages(library(csranks))
given <- commandArgs(trailingOnly = TRUE)
path <- file.path(given[1], "ranks.bin")
raw <- readBin(path, "double", file.size(path) / 8, size = 8, endian = "little")
areas <- raw[1]
estimates <- raw[2 + seq_len(areas)]
covariance <- matrix(raw[2 + areas + seq_len(areas^2)], areas)
before <- proc.time()
sets <- csranks(estimates, covariance, coverage = 0.95, R = raw[2], simul = TRUE, seed = 1)
taken <- proc.time() - before
answer <- file(given[2], "wb")
writeBin(as.double(c(sets$L, sets$U)), answer, size = 8, endian = "little")
close(answer)
cat(sprintf('{"version": "%s (R %s)", "seconds": %.6f, "cpu_seconds": %.6f}\n', packageVersion("csranks"),
            getRversion(), taken[["elapsed"]], taken[["user.self"]] + taken[["sys.self"]]))
