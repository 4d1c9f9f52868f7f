"""Random numbers that belong to a subject: number `i` is the same on every machine, chunk and partition.

A counter-based generator (Philox 4x64) is keyed by the seed and the stream and advanced to the subject, so a subject's
numbers can be made without making those of the subjects before.
Source: Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (2011).
"""

from enum import IntEnum

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Numbers = npt.NDArray[np.float64]

LARGEST_SEED = 2**64 - 1
_WORDS_PER_BLOCK = 4
_UNIT = 2.0**-53


class Stream(IntEnum):
    """What the numbers are for; streams share nothing. Occasions take the streams from `OCCASIONS` on."""

    PEOPLE = 1
    COVARIATES = 2
    RESIDUAL = 3
    OCCASIONS = 1000


def uniforms(*, seed: int, stream: int, first: int, subjects: int, each: int) -> Numbers:
    """`each` numbers inside 0..1 for subjects `first`, `first + 1`, ...: (subjects, each).

    Raises: ValueError for a seed outside 0..2^64-1 or a negative count.
    """
    if not 0 <= seed <= LARGEST_SEED:
        raise ValueError("a seed is a whole number from 0 to 2^64 - 1")
    if first < 0 or subjects < 0 or each < 0:
        raise ValueError("counts cannot be negative")
    blocks = -(-each // _WORDS_PER_BLOCK)
    generator = np.random.Philox(key=np.array([seed, stream], dtype=np.uint64), counter=first * blocks)
    words = generator.random_raw(subjects * blocks * _WORDS_PER_BLOCK).reshape(subjects, blocks * _WORDS_PER_BLOCK)
    inside: Numbers = ((words[:, :each] >> np.uint64(11)).astype(np.float64) + 0.5) * _UNIT
    return inside


def normals(*, seed: int, stream: int, first: int, subjects: int, each: int) -> Numbers:
    """Standard normal numbers by the inverse distribution function: one uniform number makes one normal number."""
    found: Numbers = ndtri(uniforms(seed=seed, stream=stream, first=first, subjects=subjects, each=each))
    return found
