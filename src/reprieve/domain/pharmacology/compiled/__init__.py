"""Curves on a uniform grid by compiled kernels, as fast as memory takes them; needs Numba, which is optional.

`populations` is for people who share doses: three compartments, alone or with a metabolite, from parameters straight
to curves. `on_grid` is for any modes. Without Numba the array code of the engine serves everything.
"""

from importlib.util import find_spec


def is_available() -> bool:
    """Whether Numba is installed. Importing it takes about half a second, so callers with little to do need not."""
    return find_spec("numba") is not None
