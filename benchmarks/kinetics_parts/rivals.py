"""Other people's programs on the same tasks. Each takes (12, n) values and returns a list of (n, 241) curves."""

from collections.abc import Callable
from functools import partial

import numpy as np

from kinetics_parts.people import POINTS, RATE_MG_PER_MIN, STOP_MIN, matrix

Solve = Callable[[np.ndarray], list[np.ndarray]]


def scipy_lsoda(task: str) -> Solve:
    from scipy.integrate import solve_ivp  # noqa: PLC0415

    size = 3 if task == "A" else 7

    def solve(values: np.ndarray) -> list[np.ndarray]:
        out = np.zeros((2, values.shape[1], POINTS))
        for person, one in enumerate(values.T):
            a = matrix(one)[:size, :size]
            state, first = np.zeros(size), 0
            for rate, last in ((RATE_MG_PER_MIN, STOP_MIN), (0.0, POINTS - 1)):
                entry = np.zeros(size)
                entry[0] = rate
                run = solve_ivp(lambda _, x, a=a, entry=entry: a @ x + entry, (first, last), state, method="LSODA",
                                t_eval=np.arange(first, last + 1), rtol=1e-6, atol=1e-9)  # fmt: skip
                out[0, person, first : last + 1] = run.y[0] / one[0]
                if task == "B":
                    out[1, person, first : last + 1] = run.y[5] / one[8]
                state, first = run.y[:, -1], last
        return list(out[: 1 if task == "A" else 2])

    return solve


def diffrax_tsit5(task: str, tolerance: float = 1e-6) -> Solve:
    import diffrax  # noqa: PLC0415
    import jax  # noqa: PLC0415

    jax.config.update("jax_enable_x64", True)
    jnp, size = jax.numpy, 3 if task == "A" else 7

    def field(_, x, given):
        one, rate = given
        v1, v2, v3, cl, q2, q3, transit, share, vm1, clm, vm2, qm = one
        there, back = x[0] / v1, (q2 * x[1] / v2, q3 * x[2] / v3)
        drug = [rate - (cl + q2 + q3) * there + back[0] + back[1], q2 * there - back[0], q3 * there - back[1]]
        if task == "A":
            return jnp.stack(drug)
        k = 2.0 / transit
        formed = [cl * there - k * x[3], k * (x[3] - x[4])]
        plasma, tissue = x[5] / vm1, x[6] / vm2
        return jnp.stack([*drug, *formed, k * x[4] * share - (clm + qm) * plasma + qm * tissue, qm * (plasma - tissue)])

    def leg(one, rate, state, first, last):
        return diffrax.diffeqsolve(
            diffrax.ODETerm(field), diffrax.Tsit5(), first, last, None, state, args=(one, rate),
            saveat=diffrax.SaveAt(ts=jnp.arange(first, last + 1.0)),
            stepsize_controller=diffrax.PIDController(rtol=tolerance, atol=tolerance), max_steps=10_000,
        ).ys  # fmt: skip

    def person(one):
        run = leg(one, RATE_MG_PER_MIN, jnp.zeros(size), 0.0, float(STOP_MIN))
        after = leg(one, 0.0, run[-1], float(STOP_MIN), POINTS - 1.0)
        x = jnp.concatenate((run, after[1:]))
        return (x[:, 0] / one[0],) if task == "A" else (x[:, 0] / one[0], x[:, 5] / one[8])

    many = jax.jit(jax.vmap(person))
    return lambda values: [np.asarray(curve) for curve in jax.block_until_ready(many(jnp.asarray(values.T)))]


_SBML = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"><model id="m">
<listOfParameters>{parameters}</listOfParameters><listOfRules>{rules}</listOfRules></model></sbml>"""


def libroadrunner(task: str) -> Solve:
    import roadrunner  # noqa: PLC0415

    size = 3 if task == "A" else 7
    names = [f"a{row}{col}" for row, col in zip(*np.nonzero(matrix(np.arange(1.0, 13.0))[:size, :size]), strict=True)]
    parameters = "".join(f'<parameter id="{n}" value="0" constant="false"/>' for n in [*names, "rate"])
    parameters += "".join(f'<parameter id="x{i}" value="0" constant="false"/>' for i in range(size))
    rules = ""
    for row in range(size):
        terms = [f"<apply><times/><ci>{n}</ci><ci>x{n[2]}</ci></apply>" for n in names if n[1] == str(row)]
        terms += ["<ci>rate</ci>"] if row == 0 else []
        body = f"<apply><plus/>{''.join(terms)}</apply>"
        rules += (
            f'<rateRule variable="x{row}"><math xmlns="http://www.w3.org/1998/Math/MathML">{body}</math></rateRule>'
        )
    model = roadrunner.RoadRunner(_SBML.format(parameters=parameters, rules=rules))
    model.timeCourseSelections = ["x0"] if task == "A" else ["x0", "x5"]
    model.integrator.relative_tolerance, model.integrator.absolute_tolerance = 1e-6, 1e-9

    def solve(values: np.ndarray) -> list[np.ndarray]:
        out = np.zeros((len(model.timeCourseSelections), values.shape[1], POINTS))
        for person, one in enumerate(values.T):
            model.resetAll()
            a = matrix(one)
            for name in names:
                model[name] = a[int(name[1]), int(name[2])]
            model["rate"] = RATE_MG_PER_MIN
            out[:, person, : STOP_MIN + 1] = np.asarray(model.simulate(0, STOP_MIN, STOP_MIN + 1)).T
            model["rate"] = 0.0
            out[:, person, STOP_MIN:] = np.asarray(model.simulate(STOP_MIN, POINTS - 1, POINTS - STOP_MIN)).T
        volumes = values[[0, 8]]
        return [curve / volumes[i][:, None] for i, curve in enumerate(out)]

    return solve


def _three_rates(one: np.ndarray) -> dict[str, float]:
    v1, v2, v3, cl, q2, q3 = one[:6]
    return {"v1": v1, "k10": cl / v1, "k12": q2 / v1, "k13": q3 / v1, "k21": q2 / v2, "k31": q3 / v3}


def opentiva(task: str) -> Solve:
    from types import SimpleNamespace  # noqa: PLC0415

    from opentiva.pump import Pump  # noqa: PLC0415

    if task == "B":
        raise NotImplementedError("has no metabolites")

    def solve(values: np.ndarray) -> list[np.ndarray]:
        out = np.zeros((values.shape[1], POINTS))
        for person, one in enumerate(values.T):
            model = SimpleNamespace(compartments=3, ke0=1.0, concentration_unit="mg/ml", target_unit="ug/ml",
                                    **_three_rates(one))  # fmt: skip
            pump = Pump(model, drug_concentration=10, end_time=60 * (POINTS - 1) + 1)
            pump.add_infusion(0, RATE_MG_PER_MIN / 60.0, 60 * STOP_MIN)
            run = pump.run()
            out[person] = np.interp(60.0 * np.arange(POINTS), run[:, 0], run[:, 1])
        return [out]

    return solve


def pytci(task: str) -> Solve:
    from PyTCI.models.base import Three  # noqa: PLC0415

    if task == "B":
        raise NotImplementedError("has no metabolites")

    def solve(values: np.ndarray) -> list[np.ndarray]:
        out = np.zeros((values.shape[1], POINTS))
        for person, one in enumerate(values.T):
            model = Three()
            for name, value in _three_rates(one).items():
                setattr(model, name, value)
            model.keo = 1.0
            model.setup()
            model.set_integrator("exact")
            for minute in range(1, POINTS):
                out[person, minute] = (
                    model.giveoverseconds(RATE_MG_PER_MIN / 60 if minute <= STOP_MIN else 0.0, 60) and model.x1
                )
        return [out]

    return solve


RIVALS: dict[str, tuple[Callable[[str], Solve], int]] = {
    "SciPy solve_ivp LSODA, 1e-6": (scipy_lsoda, 20),
    "libroadrunner (CVODE), 1e-6": (libroadrunner, 100),
    "opentiva": (opentiva, 20),
    "PyTCI, exact": (pytci, 20),
    "diffrax Tsit5, 1e-6": (diffrax_tsit5, 1000),
    "diffrax Tsit5, 1e-9": (partial(diffrax_tsit5, tolerance=1e-9), 1000),
}
"""Name, and for how many people it is timed; its time per person is taken to hold for more."""
