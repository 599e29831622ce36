"""Is an ill translation found? (simulated) opinion_wordings.py [SEEDS] prints one JSON document.

Two camps of 60 people, half of each reading in Kazakh and half in Russian, vote on all statements.
One statement says something else in Russian: 90 % of the readers of one language agree and 10 % of
the other. `found` is in how many of the seeds it is named, `others` how many others are named in
all, by the number of statements and of the model's dimensions.
"""

import json
import sys

import numpy as np

from kelisim.engine.opinion import read_votes, translation_effects

PEOPLE, ILL = 120, 4


def one(seed, statements, dimensions):
    rng = np.random.default_rng(seed)
    language, camp = np.arange(PEOPLE) % 2, np.arange(PEOPLE) // 2 % 2
    chances = np.where(np.arange(1, statements + 1) % 2 == camp[:, None], 0.85, 0.25)
    chances[:, ILL] = np.where(language == 0, 0.9, 0.1)
    votes = np.where(rng.random(chances.shape) < chances, 1, -1)
    rows, columns = np.indices(votes.shape).reshape(2, -1)
    read = read_votes({"participant": rows, "statement": columns, "vote": votes.ravel()})
    spoken = np.array(["kk", "ru"])[language[rows]]
    told = {"participant": rows, "statement": columns, "language": spoken}
    table = translation_effects(read, told, dimensions=dimensions).statements
    differs = table["differs"].fill_null(False).to_numpy()
    return set(table["statement"].filter(differs).to_list())


def main(seeds):
    results = []
    for statements in (8, 12, 15, 20, 30):
        for dimensions in (1, 2):
            named = [one(seed, statements, dimensions) for seed in range(seeds)]
            results.append(
                {
                    "statements": statements,
                    "dimensions": dimensions,
                    "found": sum(str(ILL) in one for one in named),
                    "others": sum(len(one - {str(ILL)}) for one in named),
                }
            )
    print(json.dumps({"simulated": True, "seeds": seeds, "results": results}, indent=2))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
