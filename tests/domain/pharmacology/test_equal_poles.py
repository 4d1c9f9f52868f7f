"""Rates that are equal, or nearly, give the same numbers as the matrix exponential: 1e-9 of the largest value."""

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.stats import poisson
from tests.domain.pharmacology.small_models import SOURCE, chain, model

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.formula import Binary, Name, Number, Operation
from reprieve.domain.pharmacology.linear_model import Drug, Eta, Flow, ModelError, Route, Spread
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import simulate

T = np.linspace(0.0, 400.0, 81)
PUSH = (Dose(drug=Drug.ESKETAMINE, route=Route.IV, at_min=0.0, amount_mg=1.0),)
PERSON = Covariates(weight_kg=70.0)
GAPS = [0.0, 1e-15, 1e-12, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 9e-5, 1.1e-4, 1e-3, 1e-2]


def ours(made, **options):
    return simulate(made, PUSH, t_min=T, covariates=PERSON, **options).of("S-ketamine", "arterial")


def oracle(rates):
    """exp(A t) as a sum of non-negative terms (uniformisation): nothing cancels, so it is exact to rounding.

    scipy's expm treats triangular matrices with a formula that itself loses digits at nearly equal rates.
    """
    size, fastest = len(rates), max(rates)
    matrix = np.eye(size) + (np.diag(-np.asarray(rates)) + np.diag(rates[:-1], -1)) / fastest
    state, found = np.eye(size)[0], np.zeros(T.size)
    for count in range(int(fastest * T[-1] + 12 * np.sqrt(fastest * T[-1]) + 40)):
        found += poisson.pmf(count, fastest * T) * state[-1]
        state = matrix @ state
    return found


def close(found, expected, tolerance=1e-9):
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * np.abs(expected).max())


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("others", [[], [0.3], [0.011, 0.4]])
def test_two_rates_that_meet(gap, others):
    rates = [0.05, 0.05 * (1 + gap), *others]
    close(ours(chain(rates)), oracle(rates))


@pytest.mark.parametrize("gap", GAPS)
def test_three_rates_that_meet(gap):
    rates = [0.05, 0.05 * (1 + gap), 0.05 * (1 - gap / 3), 0.2]
    close(ours(chain(rates)), oracle(rates))


@pytest.mark.parametrize("gap", GAPS)
def test_a_rate_that_meets_a_chain_of_equals(gap):
    """A delay of two equal compartments by construction, and a third rate near them by chance."""
    rates = [0.05 * (1 + gap), 0.05, 0.05, 0.012]
    close(ours(chain(rates, names=["k", "delay", "delay", "end"])), oracle(rates))


@pytest.mark.parametrize("gap", GAPS)
def test_a_rate_that_meets_a_shifted_rate(gap):
    """The moved rates of a chain lie at 1 +- 0.002 and 1 +- 0.006: a true rate there is found as well."""
    rates = [0.05 * 1.002 * (1 + gap), 0.05, 0.05]
    close(ours(chain(rates, names=["k", "delay", "delay"])), oracle(rates))


@pytest.mark.parametrize("count", [2, 3, 4])
def test_chains_of_equal_compartments(count):
    rates = [0.08, *[0.15] * count, 0.02]
    made = chain(rates, names=["k", *["delay"] * count, "end"])
    close(ours(made), oracle(rates))


def test_five_equal_compartments_are_refused():
    with pytest.raises(ModelError, match="PK-MODEL-CHAIN"):
        ours(chain([0.1] * 5, names=["delay"] * 5))


def test_many_subjects_of_whom_some_meet():
    """Most are solved once, those that meet again; each is what it would be alone."""
    shifts = np.array([[-0.4, 0.0, 1e-6], [0.2, -1e-9, 0.7]])
    eta = Eta(name="k1", on=("k1",), sd=0.5, spread=Spread.LOG, source=SOURCE)
    made = chain([0.05, 0.05, 0.3])
    made = model(
        parameters={name: entry.value for name, entry in made.parameters.items()},
        states=made.states, flows=made.flows, seen="A2", etas=(eta,),
    )  # fmt: skip
    curves = simulate(made, PUSH, t_min=T, covariates=PERSON, etas={"k1": shifts})
    found = curves.of("S-ketamine", "arterial")
    assert found.shape == (2, 3, T.size)
    height, time = curves.peak("S-ketamine", "arterial")
    area = curves.auc_mg_min_per_l("S-ketamine", "arterial")
    for place in np.ndindex(2, 3):
        expected = oracle([0.05, 0.05 * np.exp(shifts[place]), 0.3])
        close(found[place], expected)
        alone = simulate(made, PUSH, t_min=T, covariates=PERSON, etas={"k1": shifts[place]})
        np.testing.assert_allclose(alone.peak("S-ketamine", "arterial")[0], height[place], rtol=1e-9)
        np.testing.assert_allclose(alone.auc_mg_min_per_l("S-ketamine", "arterial"), area[place], rtol=1e-9)
        assert time[place] > 0.0


def test_a_ring_is_refused_because_its_rates_may_be_complex():
    k = Name("k")
    flows = [Flow(from_=a, to=b, rate=k) for a, b in (("A", "B"), ("B", "C"), ("C", "A"))]
    ring = model(parameters={"k": 0.1}, states="ABC", flows=(*flows, Flow(from_="A", rate=k)), seen="C")
    with pytest.raises(ModelError, match="PK-MODEL-BLOCK"):
        ours(ring)


def test_a_body_of_four_with_the_way_out_in_a_branch():
    """A star of exchanges with elimination from one arm (a liver), as in Perez-Ruixo 2021, against the matrix."""
    names = {"k12": 0.3, "k21": 0.2, "k13": 0.1, "k31": 0.02, "k14": 0.8, "k41": 1.5, "kel": 0.9}
    flows = [Flow(from_=f"A{n[1]}", to=f"A{n[2]}", rate=Name(n)) for n in names if n != "kel"]
    out = Flow(from_="A4", rate=Binary(Operation.MULTIPLY, Number(1.0), Name("kel")))
    body = model(parameters=names, states=("A1", "A2", "A3", "A4"), flows=(*flows, out), seen="A3")
    matrix = np.zeros((4, 4))
    for name, value in names.items():
        source = 3 if name == "kel" else int(name[1]) - 1
        matrix[source, source] -= value
        if name != "kel":
            matrix[int(name[2]) - 1, source] += value
    close(ours(body), np.array([expm(matrix * t)[2, 0] for t in T]), 1e-12)
