"""How kernels are compiled: to machine code, kept on disk between runs, without the interpreter's lock.

Kernels run on plain Python threads instead of Numba's own pool: that pool ends the process when two threads of a web
server enter it at once, or after a fork.
"""

from collections.abc import Callable
from hashlib import blake2s
from importlib.resources import files
from typing import Any, TypeVar, cast

import numba
from llvmlite import ir  # type: ignore[import-untyped]  # ships no types
from numba.core import types
from numba.extending import intrinsic

Kernel = TypeVar("Kernel", bound=Callable[..., object])

# A fused multiply-add rounds once instead of twice; nothing else of IEEE arithmetic is given up.
_ARITHMETIC = {"contract"}


def _version() -> str:
    """Changes with any file beside this one: Numba itself looks only at the file of the kernel it has cached."""
    sources = (file for file in files(__name__.rpartition(".")[0]).iterdir() if file.name.endswith(".py"))
    return blake2s(b"".join(file.read_bytes() for file in sorted(sources, key=lambda file: file.name))).hexdigest()[:12]


_VERSION = _version()


def compiled(kernel: Kernel) -> Kernel:
    """`kernel` as machine code; cached on disk where its folder, or the user's cache, can be written."""
    kernel.__qualname__ = f"{kernel.__qualname__}-{_VERSION}"  # names the file in the cache
    try:
        return cast(Kernel, _jit(cache=True)(kernel))
    except RuntimeError:  # no folder to cache in: compiled anew in every process
        return cast(Kernel, _jit()(kernel))


def inlined(kernel: Kernel) -> Kernel:
    """As `compiled`, but always copied into its callers, so that loops over subjects become vector instructions."""
    return cast(Kernel, _jit(forceinline=True)(kernel))


def _jit(**options: bool) -> Any:
    jit: Any = numba.njit  # its stubs know each option only by name
    return jit(nogil=True, fastmath=_ARITHMETIC, error_model="numpy", **options)


# Intrinsics run only while something is compiled, so not when all of it is cached.


def _float_of_bits(typing_context: object, bits: Any) -> tuple[Any, Callable[..., Any]]:  # pragma: no cover
    def generate(context: object, builder: Any, signature: object, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


float_of_bits: Callable[[int], float] = cast(Any, intrinsic)(_float_of_bits)
"""The IEEE double with these 64 bits; only inside kernels."""
