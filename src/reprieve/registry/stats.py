"""Intervals for proportions."""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054
"""0.975 quantile of the standard normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion:
    """`count` of `of` people, with the bounds of the Wilson 95 % interval (fractions of 1)."""

    count: int
    of: int
    estimate: float
    lower: float
    upper: float


def wilson(count: int, of: int) -> Proportion:
    """Wilson score interval, which behaves at 0 and 1 and at small numbers.

    Raises: ValueError unless 0 <= count <= of and of > 0.  Source: Wilson 1927, J Am Stat Assoc 22:209.
    """
    if of <= 0 or not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no proportion")
    share, z2 = count / of, Z_95**2
    centre = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z_95 / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    lower, upper = max(0.0, centre - half), min(1.0, centre + half)
    return Proportion(count=count, of=of, estimate=share, lower=lower, upper=upper)
