"""Arrays of any library that keeps the Python array API standard: NumPy, JAX, CuPy, torch."""

from typing import Any

Array = Any
"""The standard has no static type for an array; shapes and units stand in the docstrings."""

Namespace = Any
"""The functions of one array library (`array_api_compat.array_namespace(x)`, or `numpy`)."""

Scalar = float | Array
"""A number for one person, or an array of numbers for many."""
