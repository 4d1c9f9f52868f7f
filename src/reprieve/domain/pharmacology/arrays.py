"""Arrays of any library that keeps the Python array API standard: NumPy, JAX, CuPy, torch.

Arrays of two devices cannot be combined, and a library such as CuPy refuses to become NumPy by itself. So `beside`
makes new arrays where the given ones lie, and `on_host` is the one place where values come back to the processor.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from array_api_compat import (
    array_namespace,
    device,
    is_array_api_obj,
    is_array_api_strict_namespace,
    is_jax_array,
    is_jax_namespace,
    is_numpy_namespace,
    to_device,
)

Array = Any
"""The standard has no static type for an array; shapes and units stand in the docstrings."""

Namespace = Any
"""The functions of one array library (`array_api_compat.array_namespace(x)`, or `numpy`)."""

Scalar = float | Array
"""A number for one person, or an array of numbers for many."""


@dataclass(frozen=True, slots=True)
class OnDevice:
    """An array library whose new arrays lie on one device."""

    library: Namespace
    device: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.library, name)

    def asarray(self, values: Any, *, dtype: Any = None) -> Array:
        return self.library.asarray(values, dtype=dtype, device=self.device)

    def zeros(self, shape: tuple[int, ...], *, dtype: Any) -> Array:
        return self.library.zeros(shape, dtype=dtype, device=self.device)

    def ones(self, shape: tuple[int, ...], *, dtype: Any) -> Array:
        return self.library.ones(shape, dtype=dtype, device=self.device)

    def full(self, shape: tuple[int, ...], value: float, *, dtype: Any) -> Array:
        return self.library.full(shape, value, dtype=dtype, device=self.device)


def beside(given: Iterable[Any], xp: Namespace) -> Namespace:
    """The library with its new arrays on the device of the first array of `given`, if one is an array of a device.

    NumPy has one device, and JAX brings new arrays to the device of the others by itself (under its compiler an array
    has none yet).
    """
    if xp is np or is_numpy_namespace(xp) or is_jax_namespace(xp):
        return xp
    for values in given:
        if is_array_api_obj(values) and not isinstance(values, np.ndarray):
            return OnDevice(xp, device(values))
    return xp


def on_host(values: Any) -> npt.NDArray[Any]:
    """The values as a NumPy array, moved off their device on purpose where the library does not do so by itself."""
    if isinstance(values, np.ndarray) or not is_array_api_obj(values) or is_jax_array(values):
        return np.asarray(values)
    is_strict = is_array_api_strict_namespace(array_namespace(values))
    host = array_namespace(values).Device("CPU_DEVICE") if is_strict else "cpu"
    return np.asarray(to_device(values, host))
