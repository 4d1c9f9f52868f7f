"""Effects and spans of bioavailability as they are shipped."""

import pytest

from reprieve.domain.pharmacology.linear_model import Drug, Route
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.quantities.sources import Confidence
from reprieve.knowledge.bioavailability import load_spans, span_findings
from reprieve.knowledge.effects import load_effects
from reprieve.knowledge.kinetics import load_model
from reprieve.knowledge.loader import sources


def given(drug, route):
    return [Dose(drug=drug, route=route, at_min=0.0, amount_mg=25.0)]


def test_every_effect_names_sources_that_exist():
    effects = load_effects()
    models = [effects.haemodynamics, effects.dissociation, effects.antidepressant, *effects.landmarks]
    models += [*effects.occupancy.values(), *effects.intensity.values()]
    assert {key for model in models for key in model.source.keys} <= set(sources())
    # an index that assumes a penetration into the brain is never called verified
    assert effects.occupancy["ebert1997"].source.confidence is Confidence.POLICY


@pytest.mark.parametrize(
    ("drug", "route", "swallowed", "expected"),
    [
        (Drug.RACEMIC_KETAMINE, Route.IN, True, (0.11, 0.50)),  # dossier section 2
        (Drug.RACEMIC_KETAMINE, Route.IM, True, (0.64, 0.93)),
        (Drug.RACEMIC_KETAMINE, Route.SL, False, (0.11, 0.26)),
        (Drug.ESKETAMINE, Route.PO, True, (0.08, 0.186)),
    ],
)
def test_ways_on_which_papers_differ_say_so(drug, route, swallowed, expected):
    (finding,) = span_findings(given(drug, route), swallowed=swallowed)
    assert (finding.code, finding.params["lower"], finding.params["upper"]) == ("PK-F-SPAN", *expected)


def test_the_vein_has_no_span():
    assert span_findings(given(Drug.RACEMIC_KETAMINE, Route.IV), swallowed=True) == ()


def test_the_recommended_model_lies_inside_the_spans():
    fractions = {"in": "F_in", "im": "F_im", "po": "F_po", "sl": "F_sl"}
    parameters = load_model("k2s").parameters
    for span in load_spans():
        if span.drug is Drug.RACEMIC_KETAMINE and span.route in fractions and span.swallowed is not False:
            assert span.lower <= parameters[fractions[span.route]].value <= span.upper
