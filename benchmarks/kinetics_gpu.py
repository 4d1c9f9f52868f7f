"""Task A on a GPU by JAX: `python benchmarks/kinetics_gpu.py`. Says so where there is none.

The closed form of `kinetics_parts/closed_form.py`, curves left on the device; people a second, and the share of the
card's memory bandwidth that writing the curves takes (measured in the same run by writing and by copying). float64
first, float32 beside it with its error; on cards with few float64 units the two lie far apart.
"""

import statistics

import numpy as np
from kinetics_parts import closed_form
from kinetics_parts.limits import rounds
from kinetics_parts.people import POINTS, people, worst_error

PEOPLE = 1_000_000


def main() -> None:
    try:
        import jax  # noqa: PLC0415
    except ImportError:
        print("no GPU run: jax is not installed")
        return
    jax.config.update("jax_enable_x64", True)
    cards = [device for device in jax.devices() if device.platform == "gpu"]
    if not cards:
        print(f"no GPU run: jax sees no GPU here, only {jax.devices()[0].platform}")
        return
    print(f"{cards[0].device_kind}, jax {jax.__version__}, {PEOPLE:,} people, {POINTS} points")
    for dtype in (np.float64, np.float32):
        report(jax, dtype)


def report(jax, dtype) -> None:
    values = people(PEOPLE)
    given = jax.numpy.asarray(values, dtype=dtype)
    solve = jax.jit(lambda v: closed_form.curves(v, "A", jax.numpy)[0].astype(dtype))
    error = worst_error([np.asarray(solve(given)[:100])], values)
    spent = rounds(lambda: solve(given).block_until_ready(), 20)
    size = PEOPLE * POINTS * np.dtype(dtype).itemsize
    room = jax.numpy.zeros((PEOPLE, POINTS), dtype=dtype)
    copy = jax.jit(lambda x: x + 1)
    copied = min(rounds(lambda: copy(room).block_until_ready(), 20))
    middle, bandwidth = statistics.median(spent), 2 * size / copied
    print(
        f"{np.dtype(dtype).name}: {PEOPLE / middle / 1e6:.1f} million people a second "
        f"({PEOPLE / max(spent) / 1e6:.1f} to {PEOPLE / min(spent) / 1e6:.1f}), error {error:.0e} of Cmax, "
        f"{100 * size / middle / bandwidth:.0f} % of {bandwidth / 1e9:.0f} GB/s"
    )


if __name__ == "__main__":
    main()
