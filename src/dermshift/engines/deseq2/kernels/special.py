"""Log gamma and digamma, rounded as in R: the last digit decides where the search near the dispersion floor stops."""

from __future__ import annotations

import math

import numpy as np

from dermshift.compiled import compiled

LOG_SQRT_2PI = 0.918938533204672741780329736406
ASYMPTOTIC = 10.0
NO_CORRECTION = 4934720.0
"""Beyond this argument R leaves the correction term of the log gamma out."""
DIGAMMA_ASYMPTOTIC = 9.0
HALF_EPSILON = 1.1102230246251565e-16
BERNOULLI = np.array(
    [
        1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330,
    ]
)  # fmt: skip
"""Bernoulli numbers of even index, from the second."""
RATIOS = np.array([2.0 * k / (2.0 * k + 2.0) for k in range(len(BERNOULLI))])
"""Each power of the series over the one before, without the square of the argument."""


@compiled
def log_gamma(x: float, log_x: float) -> float:
    """Return the logarithm of the gamma function of x > 0 given log x, summed in the order of R ``lgammafn``."""
    if x <= ASYMPTOTIC:
        return math.lgamma(x)
    leading = LOG_SQRT_2PI + (x - 0.5) * log_x - x
    if x > NO_CORRECTION:
        return leading
    z = 1.0 / (x * x)
    series = 691.0 / 360360.0 - z * (1.0 / 156.0 - z * (3617.0 / 122400.0))
    series = 1.0 / 1260.0 - z * (1.0 / 1680.0 - z * (1.0 / 1188.0 - z * series))
    return leading + (1.0 / 12.0 - z * (1.0 / 360.0 - z * series)) / x


@compiled
def digamma(x: float, log_x: float) -> float:
    """Return the derivative of the log gamma function of x > 0 given log x, summed in the order of R ``dpsifn``."""
    shift = 0
    y, log_y = x, log_x
    if x < DIGAMMA_ASYMPTOTIC:
        shift = int(DIGAMMA_ASYMPTOTIC) - int(x)
        y = x + shift
        log_y = math.log(y)
    half = 0.5 / y
    smallest = HALF_EPSILON * half
    inverse_square = 1.0 / (y * y)
    term = 0.5 * inverse_square
    total = term * BERNOULLI[0]
    if abs(total) >= smallest:
        for k in range(1, len(BERNOULLI)):
            term = term * RATIOS[k] * inverse_square
            step = term * BERNOULLI[k]
            if abs(step) < smallest:
                break
            total += step
    total += half
    for i in range(1, shift + 1):
        total += 1.0 / (x + (shift - i))
    return float(log_y - total)
