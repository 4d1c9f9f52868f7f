"""One implementation over the array API: the strict reference, JAX (compiled too) and NumPy give the same numbers."""

import array_api_strict
import jax
import numpy as np
import pytest

from reprieve.domain.pharmacology.amplitudes import LARGEST
from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import Drug, OutputKey, Route, Site
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.knowledge.kinetics import load_model

jax.config.update("jax_enable_x64", True)

K2S = load_model("k2s")
T = np.linspace(0.0, 200.0, 41)
KEYS = [OutputKey(analyte="ketamine", site=site) for site in (Site.ARTERIAL, Site.VENOUS)]
SHIFTS = np.linspace(-0.5, 0.5, 6).reshape(2, 3)
WEIGHTS = np.array([55.0, 80.0, 101.0])
DOSES = {
    "iv": (Dose(drug=Drug.RACEMIC_KETAMINE, route=Route.IV, at_min=2.0, amount_mg=35.0, duration_min=40.0),),
    "im": (Dose(drug=Drug.RACEMIC_KETAMINE, route=Route.IM, at_min=0.0, amount_mg=35.0),),
    "po": (Dose(drug=Drug.RACEMIC_KETAMINE, route=Route.PO, at_min=0.0, amount_mg=50.0),),
    "sl": (Dose(drug=Drug.RACEMIC_KETAMINE, route=Route.SL, at_min=0.0, amount_mg=50.0),),
}


def curves(doses, xp, **options):
    etas = {"CL": xp.asarray(SHIFTS), "V1": xp.asarray(-SHIFTS)}
    person = Covariates(weight_kg=xp.asarray(WEIGHTS))
    return simulate(K2S, doses, t_min=xp.asarray(T), covariates=person, etas=etas, outputs=KEYS, xp=xp, **options)


def alone(doses, row, column):
    etas = {"CL": float(SHIFTS[row, column]), "V1": float(-SHIFTS[row, column])}
    person = Covariates(weight_kg=float(WEIGHTS[column]))
    return simulate(K2S, doses, t_min=T, covariates=person, etas=etas, outputs=KEYS).values_mg_per_l


@pytest.mark.parametrize("route", list(DOSES))
def test_each_of_a_batch_is_what_it_would_be_alone(route):
    found = curves(DOSES[route], np).values_mg_per_l
    assert found.shape == (2, 3, 2, T.size)
    for place in np.ndindex(2, 3):
        np.testing.assert_allclose(found[place], alone(DOSES[route], *place), rtol=0, atol=1e-12)


@pytest.mark.parametrize("xp", [array_api_strict, jax.numpy], ids=["strict", "jax"])
@pytest.mark.parametrize("route", list(DOSES))
def test_another_library_gives_the_same_numbers(route, xp):
    found, expected = curves(DOSES[route], xp), curves(DOSES[route], np)
    np.testing.assert_allclose(np.asarray(found.values_mg_per_l), expected.values_mg_per_l, rtol=0, atol=1e-12)
    areas = found.auc_mg_min_per_l("ketamine", "venous")
    np.testing.assert_allclose(np.asarray(areas), expected.auc_mg_min_per_l("ketamine", "venous"), rtol=1e-9)


@pytest.mark.parametrize("route", list(DOSES))
def test_compiled_by_jax_gives_the_same_numbers(route):
    @jax.jit
    def compiled(shifts, weights):
        return simulate(
            K2S, DOSES[route], t_min=jax.numpy.asarray(T), covariates=Covariates(weight_kg=weights),
            etas={"CL": shifts, "V1": -shifts}, outputs=KEYS, xp=jax.numpy, is_traced=True,
        ).values_mg_per_l  # fmt: skip

    expected = curves(DOSES[route], np).values_mg_per_l
    np.testing.assert_allclose(np.asarray(compiled(SHIFTS, WEIGHTS)), expected, rtol=0, atol=1e-12)


def test_compiled_code_survives_equal_rates():
    """Absorption exactly as fast as the vein's tissue: values cannot be looked at, the stated 1e-7 of Cmax holds."""
    equal = np.log(1.57 / 4.0) + np.array([0.0, 1e-10, 0.3])

    @jax.jit
    def compiled(shifts):
        return simulate(
            K2S, DOSES["im"], t_min=jax.numpy.asarray(T), covariates=Covariates(weight_kg=70.0),
            etas={"ka_im": shifts}, outputs=KEYS, xp=jax.numpy, is_traced=True,
        ).values_mg_per_l  # fmt: skip

    exact = simulate(
        K2S, DOSES["im"], t_min=T, covariates=Covariates(weight_kg=70.0), etas={"ka_im": equal}, outputs=KEYS
    ).values_mg_per_l
    np.testing.assert_allclose(np.asarray(compiled(equal)), exact, rtol=0, atol=1e-7 * exact.max())


def test_half_the_bits_keep_five_digits():
    found = curves(DOSES["iv"], np, dtype=np.float32).values_mg_per_l
    exact = curves(DOSES["iv"], np).values_mg_per_l
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-5 * exact.max())


def test_the_spread_of_a_film_may_differ_between_subjects():
    """The film of Simons with an inter-occasion effect on its zero-order time: each as alone."""
    model = load_model("simons2022")
    eta = next(eta.name for eta in model.etas if "D1" in eta.on)
    doses = [Dose(drug=Drug.ESKETAMINE, route=Route.SL, at_min=t, amount_mg=50.0) for t in (0.0, 30.0)]
    shifts = np.array([-0.5, 0.0, 0.4])
    batch = simulate(model, doses, t_min=T, covariates=Covariates(weight_kg=70.0), etas={eta: shifts})
    for place, shift in enumerate(shifts):
        one = simulate(model, doses, t_min=T, covariates=Covariates(weight_kg=70.0), etas={eta: float(shift)})
        np.testing.assert_allclose(batch.values_mg_per_l[place], one.values_mg_per_l, rtol=0, atol=1e-11)
    height, time = batch.peak("S-ketamine", "arterial")
    assert height.shape == time.shape == (3,)


def test_many_subjects_are_taken_in_pieces():
    """4,000 people and 241 uneven times do not fit in one piece of the array code; the joint is not seen."""
    shifts, fine = np.linspace(-0.6, 0.6, 4_000), np.linspace(0.0, 240.0**0.5, 241) ** 2
    options = {"t_min": fine, "covariates": Covariates(weight_kg=70.0), "outputs": KEYS}
    curves = simulate(K2S, DOSES["iv"], etas={"CL": shifts}, **options)
    whole, piece = curves.values_mg_per_l, LARGEST // (curves.response.modes.rates.shape[-1] * 242)
    assert piece < 4_000
    for place in (0, piece - 1, piece, 3_999):
        one = simulate(K2S, DOSES["iv"], etas={"CL": float(shifts[place])}, **options).values_mg_per_l
        np.testing.assert_allclose(whole[place], one, rtol=0, atol=1e-12)
