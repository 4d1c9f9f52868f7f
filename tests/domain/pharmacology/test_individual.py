"""A person's own parameters from readings: the bands hold what they promise, and more readings narrow them."""

from dataclasses import replace

import numpy as np
import pytest

from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.individual import Measurement, Person, posterior_band, update
from reprieve.domain.pharmacology.linear_model import Drug, OutputKey, ResidualContext, Route, Site
from reprieve.domain.pharmacology.population import covariance_of, residual_for, sample_etas, with_residual
from reprieve.domain.pharmacology.random_numbers import normals
from reprieve.domain.pharmacology.regimen import Dose, RegimenError
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.knowledge.kinetics import load_model

VENOUS = OutputKey(analyte="S-ketamine", site=Site.VENOUS)
TIMES = np.array([20.0, 40.0, 60.0, 110.0, 230.0])
WEIGHT = Covariates(weight_kg=70.0)


def infusion(drug, mg=35.0, minutes=40.0):
    return (Dose(drug=drug, route=Route.IV, at_min=0.0, amount_mg=mg, duration_min=minutes),)


def reading(at_min, mg_per_l, output=VENOUS):
    return Measurement(output=output, at_min=at_min, mg_per_l=mg_per_l)


def person_of(model_id, drug, *measurements, **more):
    return Person(
        **{
            "model": load_model(model_id),
            "delivered": infusion(drug),
            "covariates": WEIGHT,
            "measurements": measurements,
        }
        | more
    )


@pytest.mark.parametrize(
    ("model_id", "drug", "people"), [("otto2021", Drug.ESKETAMINE, 200), ("k2s", Drug.RACEMIC_KETAMINE, 120)]
)
def test_the_90_percent_interval_covers_87_to_93_percent(model_id, drug, people):
    model = load_model(model_id)
    etas = sample_etas(model, subjects=people, seed=5)
    curves = simulate(model, infusion(drug), t_min=TIMES, covariates=WEIGHT, etas=etas, outputs=(VENOUS,))
    true = np.asarray(curves.values_mg_per_l)[:, 0, :]
    error = residual_for(model, "S-ketamine", ResidualContext.RESEARCH)
    read = with_residual(error, true, normals(seed=5, stream=99, first=0, subjects=people, each=5))
    inside, effects = [], []
    for index in range(people):
        person = person_of(model_id, drug, *(reading(TIMES[place], read[index, place]) for place in (1, 2)))
        estimate = update(person)
        assert estimate.has_settled
        lower, upper = posterior_band(person, estimate, VENOUS, TIMES, subjects=400, seed=index)
        inside.append((lower <= true[index]) & (true[index] <= upper))
        drawn = np.array([etas[name][index] for name in estimate.names])
        effects.append(np.abs(drawn - estimate.effects) <= 1.6449 * np.sqrt(np.diag(estimate.covariance)))
    assert 0.87 <= np.mean(inside) <= 0.93
    assert 0.87 <= np.mean(effects) <= 0.935


def test_without_readings_the_person_is_the_population():
    person = person_of("otto2021", Drug.ESKETAMINE)
    estimate = update(person)
    assert not estimate.effects.any()
    model = person.model
    assert estimate.covariance == pytest.approx(covariance_of(model, model.etas))
    lower, upper = posterior_band(person, estimate, VENOUS, TIMES, subjects=4000)
    etas = sample_etas(model, subjects=4000, seed=2)
    people = simulate(model, person.delivered, t_min=TIMES, covariates=WEIGHT, etas=etas, outputs=(VENOUS,))
    exact = np.quantile(np.asarray(people.values_mg_per_l)[:, 0, :], [0.05, 0.95], axis=0)
    assert np.array([lower, upper]) == pytest.approx(exact, rel=0.04)


def test_the_minimum_is_one():
    person = person_of("otto2021", Drug.ESKETAMINE, reading(40.0, 0.25), reading(110.0, 0.11))
    estimate = update(person)
    prior = covariance_of(person.model, person.model.etas)

    def worth(effects):
        curves = simulate(
            person.model,
            person.delivered,
            t_min=np.array([40.0, 110.0]),
            covariates=WEIGHT,
            etas=dict(zip(estimate.names, np.asarray(effects), strict=True)),
            outputs=(VENOUS,),
        )
        level = np.asarray(curves.values_mg_per_l)[0]
        sd = 0.236 * level  # Otto 2021, proportional
        misfit = 0.5 * ((np.array([0.25, 0.11]) - level) / sd) ** 2 + np.log(sd)
        return misfit.sum() + 0.5 * effects @ np.linalg.solve(prior, effects)

    best = worth(estimate.effects)
    for direction in np.random.default_rng(1).normal(size=(30, len(estimate.names))):
        assert worth(estimate.effects + 0.02 * direction) > best


def test_a_high_reading_means_slow_clearance_and_more_readings_narrow_the_band():
    typical = simulate(
        load_model("k2s"), infusion(Drug.RACEMIC_KETAMINE), t_min=TIMES, covariates=WEIGHT, outputs=(VENOUS,)
    ).values_mg_per_l[0]
    readings = [reading(time, 1.5 * level) for time, level in zip(TIMES, typical, strict=True)]
    widths = []
    for count in (0, 1, 3, 5):
        person = person_of("k2s", Drug.RACEMIC_KETAMINE, *readings[:count])
        estimate = update(person)
        lower, upper = posterior_band(person, estimate, VENOUS, TIMES)
        widths.append(float(np.log(upper[-2] / lower[-2])))
    assert widths == sorted(widths, reverse=True)
    assert estimate.as_etas()["CL"] < -0.2
    assert np.all((lower < 1.5 * typical) & (1.5 * typical < upper * 1.1))


def test_a_session_that_stopped_early_counts_what_was_delivered():
    # half was given; the same reading is then a slow or small body, and the next full dose is predicted higher
    full = person_of("k2s", Drug.RACEMIC_KETAMINE, reading(60.0, 0.06))
    stopped = replace(full, delivered=infusion(Drug.RACEMIC_KETAMINE, mg=17.5, minutes=20.0))
    planned = infusion(Drug.RACEMIC_KETAMINE)
    bands = [
        posterior_band(person, update(person), VENOUS, np.array([40.0]), doses=planned) for person in (full, stopped)
    ]
    assert bands[1][0][0] > bands[0][0][0]
    assert bands[1][1][0] > bands[0][1][0]


def test_a_band_of_readings_is_wider():
    person = person_of("otto2021", Drug.ESKETAMINE, reading(40.0, 0.25))
    estimate = update(person)
    plain = posterior_band(person, estimate, VENOUS, TIMES)
    read = posterior_band(person, estimate, VENOUS, TIMES, with_error=True)
    assert np.all(read[0] < plain[0])
    assert np.all(read[1] > plain[1])


def test_readings_of_a_model_with_error_on_the_log_scale():
    person = Person(
        model=load_model("perez_ruixo2021"),
        delivered=(Dose(drug=Drug.ESKETAMINE, route=Route.IN, at_min=0.0, amount_mg=28.0),),
        covariates=replace(WEIGHT, age_y=40.0),
        measurements=(reading(30.0, 0.08), reading(120.0, 0.04)),
    )
    estimate = update(person)
    assert estimate.has_settled
    lower, upper = posterior_band(person, estimate, VENOUS, np.array([30.0]))
    typical = simulate(
        person.model, person.delivered, t_min=np.array([30.0]), covariates=person.covariates, outputs=(VENOUS,)
    ).values_mg_per_l[0]
    assert typical < upper
    assert lower > 0.6 * typical


def test_a_reading_absurdly_far_away_still_settles_or_says_that_it_did_not():
    estimate = update(person_of("otto2021", Drug.ESKETAMINE, reading(40.0, 500.0)))
    assert not update(person_of("otto2021", Drug.ESKETAMINE, reading(40.0, 1e60))).has_settled
    assert np.all(np.isfinite(estimate.effects))
    assert np.all(np.isfinite(estimate.covariance))


@pytest.mark.parametrize("bad", [{"mg_per_l": 0.0}, {"mg_per_l": float("nan")}, {"at_min": -1.0}])
def test_no_reading(bad):
    with pytest.raises(RegimenError, match="PK-READING"):
        Measurement(**{"output": VENOUS, "at_min": 40.0, "mg_per_l": 0.2} | bad)


def test_what_the_model_does_not_describe_is_refused():
    person = person_of("clements_nimmo1981", Drug.RACEMIC_KETAMINE)
    key = OutputKey(analyte="ketamine", site=Site.VENOUS)
    with pytest.raises(RegimenError, match="PK-READING-ERROR"):
        update(replace(person, measurements=(reading(40.0, 0.2, key),)))
    with pytest.raises(RegimenError, match="PK-INTERVAL"):
        posterior_band(person, update(person), key, TIMES, interval=1.0)
