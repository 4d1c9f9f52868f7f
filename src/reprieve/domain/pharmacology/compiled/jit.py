"""How kernels are compiled: to machine code, kept on disk between runs, without the interpreter's lock.

Kernels run on plain Python threads instead of Numba's own pool: that pool ends the process when two threads of a web
server enter it at once, or after a fork.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

Kernel = TypeVar("Kernel", bound=Callable[..., object])

# A fused multiply-add rounds once instead of twice; nothing else of IEEE arithmetic is given up.
_ARITHMETIC = {"contract"}


def compiled(kernel: Kernel) -> Kernel:
    """`kernel` as machine code; cached on disk where its folder, or the user's cache, can be written."""
    options = {"nogil": True, "fastmath": _ARITHMETIC, "error_model": "numpy"}
    try:
        return cast(Kernel, numba.njit(cache=True, **options)(kernel))
    except RuntimeError:  # no folder to cache in: compiled anew in every process
        return cast(Kernel, numba.njit(**options)(kernel))


def inlined(kernel: Kernel) -> Kernel:
    """As `compiled`, but always copied into its callers, so that loops over subjects become vector instructions."""
    options = {"forceinline": True, "nogil": True, "fastmath": _ARITHMETIC, "error_model": "numpy"}
    return cast(Kernel, numba.njit(**options)(kernel))


def _float_of_bits(typing_context: object, bits: Any) -> tuple[Any, Callable[..., Any]]:
    def generate(context: object, builder: Any, signature: object, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


float_of_bits: Callable[[int], float] = intrinsic(_float_of_bits)
"""The IEEE double with these 64 bits; only inside kernels."""
