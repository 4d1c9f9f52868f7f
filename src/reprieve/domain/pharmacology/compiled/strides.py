"""Sixteen neighbouring points of a curve at once, as vector instructions that compilers do not find here by themselves.

A stride is computed in registers and goes straight to its place, past the caches where the curves are much larger than
those: what is written once and read much later should not first be read. Where a curve begins within a line of memory,
`edge` (16 places) holds the line until it is full; it is written and read as a whole, so it never leaves the registers
for long.
"""

# ruff: noqa: PLR0913, PLR0917 - intrinsics take what becomes registers

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir  # type: ignore[import-untyped]  # ships no types
from numba.core import types
from numba.extending import intrinsic

LINE = 64
"""Bytes that go to memory at once."""
STRIDE = 16
"""Points that are computed at once."""
ROW = 2 * STRIDE
"""Places of a row of a table: sixteen zeros, then 1, q, q**2, ... q**15."""

_INDEX = ir.IntType(64)
# Nothing here runs when kernels come out of the cache on disk, so it is not measured by coverage.


def _pointer(context: Any, builder: Any, kind: Any, array: Any, at: Any) -> Any:  # pragma: no cover
    """Pointer to `STRIDE` neighbouring elements of an array."""
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(
        builder.gep(data, [at]), ir.VectorType(context.get_value_type(kind.dtype), STRIDE).as_pointer()
    )


def _spread(builder: Any, value: Any) -> Any:  # pragma: no cover
    """A vector of one value."""
    kind = ir.VectorType(value.type, STRIDE)
    first = builder.insert_element(ir.Constant(kind, ir.Undefined), value, ir.IntType(32)(0))
    return builder.shuffle_vector(first, first, ir.Constant(ir.VectorType(ir.IntType(32), STRIDE), None))


def _sum(
    context: Any, builder: Any, level: Any, values: Any, table: tuple[Any, Any], first: Any, kind: Any
) -> Any:  # pragma: no cover
    """`level` plus each value times its row of the table from place `first` on, as elements of `kind`."""
    total = _spread(builder, level)
    for mode in range(len(values.type)):
        at = builder.add(first, _INDEX(mode * ROW))
        powers = builder.load(_pointer(context, builder, *table, at), align=8)
        product = builder.fmul(_spread(builder, builder.extract_value(values, mode)), powers, flags=("contract",))
        total = builder.fadd(product, total, flags=("contract",))
    element = context.get_value_type(kind.dtype)
    return total if element == ir.DoubleType() else builder.fptrunc(total, ir.VectorType(element, STRIDE))


def _bytes_each(values: Any) -> int:  # pragma: no cover
    return 8 if values.type.element == ir.DoubleType() else 4


def _store(builder: Any, value: Any, to: Any, past_cache: Any) -> None:  # pragma: no cover
    with builder.if_else(past_cache) as (past, through):
        with past:
            stored = builder.store(value, to, align=LINE)
            stored.set_metadata("nontemporal", builder.module.add_metadata([ir.Constant(ir.IntType(32), 1)]))
        with through:
            builder.store(value, to, align=_bytes_each(value))


def _put(
    typing_context: object, into: Any, at: Any, past_cache: Any, level: Any, values: Any, table: Any
) -> tuple[Any, Callable[..., Any]]:  # pragma: no cover
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, place, past, start, coefficients, rows = arguments
        kinds = signature.args
        value = _sum(context, builder, start, coefficients, (kinds[5], rows), _INDEX(STRIDE), kinds[0])
        _store(builder, value, _pointer(context, builder, kinds[0], array, place), past)
        return context.get_dummy_value()

    return types.void(into, types.int64, types.boolean, types.float64, values, table), generate


def _merge(
    typing_context: object, edge: Any, offset: Any, level: Any, values: Any, table: Any
) -> tuple[Any, Callable[..., Any]]:  # pragma: no cover
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, first, start, coefficients, rows = arguments
        kinds = signature.args
        shifted = builder.sub(_INDEX(STRIDE), first)
        value = _sum(context, builder, start, coefficients, (kinds[4], rows), shifted, kinds[0])
        to = _pointer(context, builder, kinds[0], array, _INDEX(0))
        lanes = ir.Constant(ir.VectorType(_INDEX, STRIDE), list(range(STRIDE)))
        new = builder.icmp_signed(">=", lanes, _spread(builder, first))
        align = _bytes_each(value)
        builder.store(builder.select(new, value, builder.load(to, align=align)), to, align=align)
        return context.get_dummy_value()

    return types.void(edge, types.int64, types.float64, values, table), generate


def _send(
    typing_context: object, into: Any, at: Any, past_cache: Any, edge: Any
) -> tuple[Any, Callable[..., Any]]:  # pragma: no cover
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, place, past, source = arguments
        of = _pointer(context, builder, signature.args[3], source, _INDEX(0))
        to = _pointer(context, builder, signature.args[0], array, place)
        _store(builder, builder.load(of, align=into.dtype.bitwidth // 8), to, past)
        return context.get_dummy_value()

    return types.void(into, types.int64, types.boolean, edge), generate


put: Callable[..., None] = cast(Any, intrinsic)(_put)
"""put(into, at, past_cache, level, coefficients, table): `level` plus each coefficient times its row, from `into[at]`
on; past the caches where `into[at]` must then be aligned."""
merge: Callable[..., None] = cast(Any, intrinsic)(_merge)
"""merge(edge, offset, level, coefficients, table): the same into `edge[offset:]`, which begins the sequences."""
send: Callable[..., None] = cast(Any, intrinsic)(_send)
"""send(into, at, past_cache, edge): `edge` to `into[at]` on."""
