"""The prior: normal effects whose standard deviations are themselves unknown.

Fixed coefficients are N(0, 2.5^2); a group of random effects is N(0, sigma^2), and sigma is
half-normal(1) on the logit scale. With neighbours given, the effects of the areas are BYM2 (Riebler
et al. 2016): sigma^2 ((1 - rho) I + rho K), K the scaled covariance of an intrinsic autoregression,
rho uniform. In the eigenvectors of K that prior is diagonal again, so only a rotation is added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kelisim.engine.frame import Floats

FIXED_SD = 2.5
"""Prior standard deviation of a fixed coefficient."""


@dataclass(frozen=True, slots=True)
class Spatial:
    """A spatial covariance by its eigenvectors.

    Attributes
    ----------
    basis
        Shape (A, A): orthonormal eigenvectors in columns.
    variances
        Shape (A,): their eigenvalues, >= 0.
    """

    basis: Floats
    variances: Floats


@dataclass(frozen=True, slots=True)
class Precision:
    """Prior precisions at one point of the hyperparameters, in the eigenvectors of the prior.

    Attributes
    ----------
    values
        Shape (m,): the precision of each coefficient.
    slopes
        Shape (m, t): derivative of their logarithms by the hyperparameters.
    """

    values: Floats
    slopes: Floats


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed before the data.

    Attributes
    ----------
    starts
        First column of each random group, then the number of columns m.
    sd_scale
        Scale of the half-normal prior of each standard deviation.
    spatial
        The spatial covariance of the first group, or None.
    """

    starts: tuple[int, ...]
    sd_scale: float = 1.0
    spatial: Spatial | None = None

    @property
    def groups(self) -> int:
        """Random groups."""
        return len(self.starts) - 1

    @property
    def area(self) -> slice:
        """Columns of the first group, the areas where there are neighbours."""
        return slice(self.starts[0], self.starts[1])

    @property
    def size(self) -> int:
        """Hyperparameters: a log standard deviation each, and logit(rho) with neighbours."""
        return self.groups + (self.spatial is not None)

    def precision(self, theta: Floats) -> Precision:
        """Return the precisions at hyperparameters theta, shape (t,)."""
        values = np.full(self.starts[-1], FIXED_SD**-2)
        slopes = np.zeros((self.starts[-1], self.size))
        for group in range(self.groups):
            own = slice(self.starts[group], self.starts[group + 1])
            values[own] = np.exp(-2 * theta[group])
            slopes[own, group] = -2.0
        if self.spatial is not None:
            rho = 1 / (1 + np.exp(-theta[-1]))
            relative = 1 - rho + rho * self.spatial.variances
            values[self.area] /= relative
            slopes[self.area, -1] = (1 - self.spatial.variances) * rho * (1 - rho) / relative
        return Precision(values, slopes)

    def log_density(self, theta: Floats) -> tuple[float, Floats]:
        """Return the log prior density of theta, Jacobian included, and its gradient."""
        sd = np.exp(theta[: self.groups]) / self.sd_scale
        value, slope = float(np.sum(np.log(sd) - sd**2 / 2)), 1 - sd**2
        if self.spatial is None:
            return value, slope
        half = theta[-1] / 2
        return value - 2 * float(np.log(2 * np.cosh(half))), np.append(slope, -np.tanh(half))

    def rotate(self, vector: Floats) -> Floats:
        """Return R'v: a vector of shape (m,) in the eigenvectors of the prior."""
        turned = vector.copy()
        if self.spatial is not None:
            turned[self.area] = self.spatial.basis.T @ vector[self.area]
        return turned

    def rotated_variances(self, covariance: Floats) -> Floats:
        """Return the diagonal of R'VR, shape (m,)."""
        turned = covariance.diagonal().copy()
        if self.spatial is not None:
            basis = self.spatial.basis
            turned[self.area] = np.sum(basis * (covariance[self.area, self.area] @ basis), axis=0)
        return turned

    def matrix(self, precision: Precision) -> Floats:
        """Return the prior precision matrix R diag(values) R', shape (m, m)."""
        whole = np.diag(precision.values)
        if self.spatial is not None:
            basis = self.spatial.basis
            whole[self.area, self.area] = (basis * precision.values[self.area]) @ basis.T
        return whole
