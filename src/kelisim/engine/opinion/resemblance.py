"""How much each pair of accounts judges alike beyond what their opinions explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.special import expit

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.model import IdealPoint
from kelisim.engine.opinion.prediction import agreement_log_odds
from kelisim.engine.opinion.votes import AGREE, PASS, Indices, Votes, keep


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Sums over the statements that two accounts both judged, shape (q, q); diagonals are 0.

    A pass is no judgement: people who only look pass everything, alike and by themselves, and move
    no result.

    Attributes
    ----------
    accounts
        Shape (q,): positions of the accounts compared.
    excess
        Same judgements less their expectation under the model.
    variance
        Of the number of same judgements under the model.
    room
        Statements both judged less expected same judgements: the largest excess possible.
    """

    accounts: Indices
    excess: Floats
    variance: Floats
    room: Floats


def resemblance(votes: Votes, model: IdealPoint, accounts: Indices) -> Resemblance:
    """Compare accounts with one another, against independent judgements from their opinions."""
    judged = keep(votes, votes.signs != PASS)
    agreeing = expit(agreement_log_odds(model, judged.rows(), judged.indices).mean)
    agreed = (judged.signs == AGREE).astype(np.float64)

    def gram(values: Floats) -> Floats:
        matrix = sp.csr_array((values, judged.indices, judged.indptr), shape=judged.shape)[accounts]
        product = (matrix @ matrix.T).toarray()
        np.fill_diagonal(product, 0.0)
        return np.asarray(product, np.float64)

    common = gram(np.ones(len(agreed)))
    same = gram(agreed) + gram(1 - agreed)
    expected = gram(agreeing) + gram(1 - agreeing)
    # The variance is the sum of p - p^2, where p is the chance that both judge the same.
    squares = gram(agreeing**2) + gram((1 - agreeing) ** 2)
    squares += 2 * gram(agreeing * (1 - agreeing))
    return Resemblance(
        accounts, same - expected, np.maximum(expected - squares, 0.0), common - expected
    )
