"""What cannot be is refused with a code and its numbers; the sentence is made where people read it."""

import numpy as np
import pytest

from reprieve.domain.pharmacology.covariates import CovariateError, Covariates
from reprieve.domain.pharmacology.linear_model import Drug, OutputKey, Route, Site
from reprieve.domain.pharmacology.regimen import Dose, RegimenError, check_doses, devices, rate_steps_doses
from reprieve.domain.pharmacology.simulate import simulate
from reprieve.knowledge.kinetics import load_model

K2S = load_model("k2s")
NAN, INF = float("nan"), float("inf")
PERSON = Covariates(weight_kg=70.0)


def dose(**new):
    return Dose(**{"drug": Drug.RACEMIC_KETAMINE, "route": Route.IV, "at_min": 0.0, "amount_mg": 35.0, **new})


def curves(doses=(), t_min=(0.0, 40.0), **options):
    return simulate(K2S, doses, t_min=np.array(t_min), **{"covariates": PERSON, **options})


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"amount_mg": -1.0}, "PK-DOSE-AMOUNT"),
        ({"amount_mg": NAN}, "PK-DOSE-AMOUNT"),
        ({"at_min": -0.1}, "PK-DOSE-TIME"),
        ({"at_min": INF}, "PK-DOSE-TIME"),
        ({"duration_min": -1.0}, "PK-DOSE-DURATION"),
        ({"duration_min": NAN}, "PK-DOSE-DURATION"),
        ({"duration_min": 5.0, "route": Route.PO}, "PK-DOSE-DURATION"),
        ({"device": 0}, "PK-DEVICE-NUMBER"),
    ],
)
def test_a_dose_that_cannot_be(entry, code):
    with pytest.raises(RegimenError) as refusal:
        dose(**entry)
    assert refusal.value.code == code
    assert refusal.value.params


@pytest.mark.parametrize(
    ("rows", "options", "code"),
    [
        ([], {}, "PK-STEPS-EMPTY"),
        ([(0.0, 10.0)], {}, "PK-STEPS-OPEN"),
        ([(0.0, 10.0), (0.0, 0.0)], {}, "PK-STEPS-ORDER"),
        ([(0.0, 10.0), (NAN, 0.0)], {}, "PK-STEPS-ORDER"),
        ([(0.0, -10.0), (5.0, 0.0)], {}, "PK-STEPS-RATE"),
        ([(0.0, NAN), (5.0, 0.0)], {}, "PK-STEPS-RATE"),
        ([(10.0, 5.0)], {"until_min": 5.0}, "PK-STEPS-ORDER"),
    ],
)
def test_steps_that_cannot_be(rows, options, code):
    with pytest.raises(RegimenError, match=code):
        rate_steps_doses(rows, drug=Drug.RACEMIC_KETAMINE, **options)


def test_steps_are_rates_in_mg_per_hour_and_a_pause_gives_nothing():
    doses = rate_steps_doses([(0.0, 60.0), (10.0, 0.0), (20.0, 30.0)], drug=Drug.RACEMIC_KETAMINE, until_min=40.0)
    assert [(d.at_min, d.amount_mg, d.end_min) for d in doses] == [(0.0, 10.0, 10.0), (20.0, 10.0, 40.0)]


@pytest.mark.parametrize(
    ("options", "code"), [({"gap_min": 0.0}, "PK-DEVICE-OVERLAP"), ({"count": 0}, "PK-DEVICE-NUMBER")]
)
def test_devices_that_cannot_be(options, code):
    with pytest.raises(RegimenError, match=code):
        devices(**{"drug": Drug.ESKETAMINE, "count": 2, "amount_mg": 28.0, **options})


def test_devices_five_minutes_apart():
    assert [(d.at_min, d.device) for d in devices(drug=Drug.ESKETAMINE, count=3, amount_mg=28.0)] == [
        (0, 1),
        (5, 2),
        (10, 3),
    ]


def test_two_devices_at_once_are_refused_wherever_they_come_from():
    twice = [dose(route=Route.IN, drug=Drug.ESKETAMINE) for _ in range(2)]
    with pytest.raises(RegimenError, match="PK-DEVICE-OVERLAP"):
        check_doses(twice)
    with pytest.raises(RegimenError, match="PK-DEVICE-OVERLAP"):
        simulate(load_model("perez_ruixo2021"), twice, t_min=np.array([1.0]), covariates=PERSON)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"weight_kg": 0.0}, "PK-COV-WEIGHT"),
        ({"weight_kg": -70.0}, "PK-COV-WEIGHT"),
        ({"weight_kg": NAN}, "PK-COV-WEIGHT"),
        ({"weight_kg": INF}, "PK-COV-WEIGHT"),
        ({"age_y": -1.0}, "PK-COV-AGE"),
        ({"hold_min": -1.0}, "PK-COV-HOLD"),
    ],
)
def test_a_person_who_cannot_be(entry, code):
    with pytest.raises(CovariateError) as refusal:
        Covariates(**{"weight_kg": 70.0, **entry})
    assert refusal.value.code == code


@pytest.mark.parametrize("weight", [0.0, -3.0, NAN])
def test_one_impossible_person_of_many_is_found(weight):
    with pytest.raises(CovariateError, match="PK-COV-WEIGHT"):
        curves([dose()], covariates=Covariates(weight_kg=np.array([70.0, weight])))


def test_names_that_the_model_does_not_have():
    with pytest.raises(CovariateError, match="PK-COV-NAME"):
        curves([dose()], covariates=Covariates(weight_kg=70.0, extra={"star_sign": 3.0}))
    with pytest.raises(CovariateError, match="PK-ETA-NAME"):
        curves([dose()], etas={"luck": 0.1})
    with pytest.raises(RegimenError, match="PK-OUTPUT"):
        curves([dose()], outputs=[OutputKey(analyte="aspirin", site=Site.VENOUS)])
    with pytest.raises(KeyError):
        curves([dose()]).of("aspirin", "venous")
    with pytest.raises(KeyError):
        curves([dose()]).amounts("brain")


def test_a_random_effect_that_is_no_number_is_refused():
    with pytest.raises(CovariateError, match="PK-RATES"):
        curves([dose()], etas={"CL": np.array([0.1, NAN])})
    with pytest.raises(CovariateError, match="PK-RATES"):
        curves([dose()], etas={"Q3": np.array([0.1, -INF])})


@pytest.mark.parametrize(
    ("times", "code"), [((), "PK-TIME-NONE"), ((NAN,), "PK-TIME-NONE"), ((-1.0, 5.0), "PK-TIME-NEGATIVE")]
)
def test_times_that_cannot_be(times, code):
    with pytest.raises(RegimenError, match=code):
        curves([dose()], t_min=times)


def test_a_route_that_the_model_has_no_input_for():
    with pytest.raises(RegimenError, match="PK-ROUTE"):
        curves([dose(route=Route.IN, drug=Drug.ESKETAMINE)])


def test_nothing_given_is_nothing_measured():
    none = curves()
    assert none.values_mg_per_l.max() == 0.0
    assert none.auc_mg_min_per_l("ketamine", "venous") == 0.0
    assert curves([dose(drug=Drug.ESKETAMINE)]).of("R-ketamine", "venous").max() == 0.0


def test_exploratory_outputs_are_marked():
    found = curves([dose()])
    assert found.is_exploratory("S-hydroxynorketamine", "arterial")
    assert found.is_exploratory("hydroxynorketamine", "arterial")
    assert not found.is_exploratory("ketamine", "venous")


def test_what_a_drug_may_be_given_by():
    assert Route.IN in K2S.routes_of(Drug.RACEMIC_KETAMINE)
    assert Route.IN not in K2S.routes_of(Drug.ESKETAMINE)
