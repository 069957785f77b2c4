"""Log gamma and digamma, rounded as in R: the last digit decides where the search near the dispersion floor stops."""

from __future__ import annotations

import math

import numpy as np

from dermshift.compiled import compiled

LOG_SQRT_2PI = 0.918938533204672741780329736406
ASYMPTOTIC = 10.0
NO_CORRECTION = 4934720.0
"""Beyond this argument R leaves the correction term of the log gamma out."""
PAIRS = (8.0, 14.0, 18.0, 20.0)
"""(x + 1) (x + 8), (x + 2) (x + 7) and so on, beside x (x + 9)."""
HALF_EPSILON = 1.1102230246251565e-16
BERNOULLI = np.array(
    [
        1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330,
    ]
)  # fmt: skip
"""Bernoulli numbers of even index, from the second."""
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
LOG_TERMS = (
    6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01,
    1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01,
)  # fmt: skip
EXP_TERMS = (
    1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05, -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
)  # fmt: skip
LEAST_EXP, LARGEST_EXP = -708.0, 709.0
ONE_OVER_LN2 = 1.44269504088896338700
TO_WHOLE = 6755399441055744.0
"""Added to a number it leaves no place for fractions; its own last bits are zero."""
ONE_BITS = 0x3FF0000000000000
"""The bits of one."""
ROOT_OF_HALF = 0x3FE6A09E667F3BCD
"""The bits of the square root of one half."""
EXPONENT = 52
"""Where the exponent begins in the bits of a number."""
RATIOS = np.array([2.0 * k / (2.0 * k + 2.0) for k in range(len(BERNOULLI))])
"""Each power of the series over the one before, without the square of the argument."""


@compiled
def log_gamma(x: float, log_x: float) -> float:
    """Return the logarithm of the gamma function of x > 0 given log x, summed in the order of R ``lgammafn``."""
    return math.lgamma(x) if x <= ASYMPTOTIC else log_gamma_of_large(x, log_x)


@compiled
def log_gamma_of_large(x: float, log_x: float) -> float:
    """Return `log_gamma` of x > 10, without a branch."""
    leading = LOG_SQRT_2PI + (x - 0.5) * log_x - x
    z = 1.0 / (x * x)
    series = 691.0 / 360360.0 - z * (1.0 / 156.0 - z * (3617.0 / 122400.0))
    series = 1.0 / 1260.0 - z * (1.0 / 1680.0 - z * (1.0 / 1188.0 - z * series))
    correction = (1.0 / 12.0 - z * (1.0 / 360.0 - z * series)) / x
    return leading + (0.0 if x > NO_CORRECTION else correction)


@compiled
def digamma_of_large(x: float, log_x: float) -> float:
    """Return the derivative of `log_gamma` of x of at least 9, without a branch, as R ``dpsifn`` sums it."""
    return log_x - below_log(x)


@compiled
def lifts(x: float) -> tuple[float, float]:
    """Return by how much the log gamma and the digamma of x > 0 grow from x to x + 10, where their series hold.

    The first is the logarithm of ``x (x + 1) ... (x + 9)``, taken in pairs; the second is its derivative.
    """
    z = x * (x + 9.0)
    product, derivative = z, 1.0
    for pair in PAIRS:
        derivative = derivative * (z + pair) + product
        product *= z + pair
    return log(product), (2.0 * x + 9.0) * derivative / product


@compiled
def below_log(x: float) -> float:
    """Return how far the digamma of x lies below log x: R's series, which ends where a term is lost in rounding."""
    half = 0.5 / x
    smallest = HALF_EPSILON * half
    inverse_square = 1.0 / (x * x)
    term = 0.5 * inverse_square
    total = term * BERNOULLI[0]
    goes_on = abs(total) >= smallest
    for k in range(1, len(BERNOULLI)):
        term = term * RATIOS[k] * inverse_square
        step = term * BERNOULLI[k]
        goes_on &= abs(step) >= smallest
        total += step if goes_on else 0.0
    return float(total + half)


@compiled
def log(x: float) -> float:
    """Return the natural logarithm of a normal x > 0 without a branch, so that loops over it are done lane by lane.

    Within one unit in the last place. For zero, infinities and NaN the answer means nothing.

    References
    ----------
    Sun Microsystems 1993, fdlibm, ``e_log.c``.
    """
    bits = np.float64(x).view(np.int64)
    power = (bits - ROOT_OF_HALF) >> EXPONENT
    f = np.int64(bits - (power << EXPONENT)).view(np.float64) - 1.0  # from the root of one half to the root of two
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (LOG_TERMS[1] + w * (LOG_TERMS[3] + w * LOG_TERMS[5]))
    odd = z * (LOG_TERMS[0] + w * (LOG_TERMS[2] + w * (LOG_TERMS[4] + w * LOG_TERMS[6])))
    half, k = 0.5 * f * f, np.float64(power)
    return float(k * LN2_HIGH - ((half - (s * (half + (odd + even)) + k * LN2_LOW)) - f))


@compiled
def exp(x: float) -> float:
    """Return the exponential function without a branch: zero below -708, infinity above 709.

    Within one unit in the last place.

    References
    ----------
    Sun Microsystems 1993, fdlibm, ``e_exp.c``.
    """
    inside = min(max(x, LEAST_EXP), LARGEST_EXP)
    moved = inside * ONE_OVER_LN2 + TO_WHOLE
    k = moved - TO_WHOLE  # the nearest whole number
    high, low = inside - k * LN2_HIGH, k * LN2_LOW
    r = high - low
    t = r * r
    c = r - t * (EXP_TERMS[0] + t * (EXP_TERMS[1] + t * (EXP_TERMS[2] + t * (EXP_TERMS[3] + t * EXP_TERMS[4]))))
    rest = 1.0 - ((low - (r * c) / (2.0 - c)) - high)
    power = np.int64((np.float64(moved).view(np.int64) << EXPONENT) + ONE_BITS).view(np.float64)
    found = rest * power if x <= LARGEST_EXP else x * np.inf
    return 0.0 if x < LEAST_EXP else found
