# The workload `mrp`, through lme4::glmer on cells (Laplace, maximum likelihood: no priors, so that
# answers differ from the Bayesian ones by a fraction of a posterior sd).
suppressPackageStartupMessages(library(lme4))
given <- commandArgs(trailingOnly = TRUE)
read <- function(name) read.csv(file.path(given[1], paste0(name, ".csv")), stringsAsFactors = FALSE)
people <- read("people")
population <- read("population")
areas <- read("areas")
before <- proc.time()
areas$vote <- (areas$vote - mean(areas$vote)) / sd(areas$vote)
names <- c("area", "ethnicity", "sex", "age", "education")
cells <- aggregate(cbind(yes, n) ~ ., data = cbind(people[names], yes = people$yes, n = 1), FUN = sum)
cells <- merge(cells, areas, by = "area")
target <- merge(population, areas, by = "area")
half <- function(sex) ifelse(sex == max(people$sex), 0.5, -0.5)
cells$half <- half(cells$sex)
target$half <- half(target$sex)
fit <- suppressMessages(suppressWarnings(glmer(
  cbind(yes, n - yes) ~ half + vote + zone + (1 | area) + (1 | ethnicity) + (1 | education) +
    (1 | age) + (1 | sex:ethnicity) + (1 | education:age) + (1 | education:ethnicity),
  data = cells, family = binomial)))
target$p <- predict(fit, target, type = "response", allow.new.levels = TRUE)
result <- tapply(target$p * target$n, target$area, sum) / tapply(target$n, target$area, sum)
taken <- proc.time() - before
answer <- file(given[2], "wb")
writeBin(as.double(result[sort(areas$area)]), answer, size = 8, endian = "little")
close(answer)
cat(sprintf('{"version": "%s (R %s)", "seconds": %.6f, "cpu_seconds": %.6f}\n', packageVersion("lme4"),
            getRversion(), taken[["elapsed"]], taken[["user.self"]] + taken[["sys.self"]]))
