"""Sizes of a body that follow from others."""

from decimal import Decimal
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Amount = TypeVar("Amount", float, Decimal, npt.NDArray[np.float64])


def body_mass_index(weight_kg: Amount, height_cm: Amount) -> Amount:
    """kg/m2, of one person or of arrays of people."""
    return weight_kg / (height_cm / 100) ** 2
