"""One plain sentence for each thing that cannot be simulated."""

from collections.abc import Mapping

from reprieve.errors import InputError

SENTENCES: Mapping[str, str] = {
    "PK-DOSE-AMOUNT": "A dose is a number of mg that is not negative; {amount_mg} is none.",
    "PK-DOSE-TIME": "A dose begins at minute 0 or later; {at_min} is before the start.",
    "PK-DOSE-DURATION": "A dose cannot last {duration_min} minutes by this route ({route}).",
    "PK-DEVICE-NUMBER": "Nasal devices are counted from 1; {device} is no number of devices.",
    "PK-DEVICE-OVERLAP": "Two nasal devices overlap at minute {at_min}: the second is used after the first.",
    "PK-STEPS-EMPTY": "The file of rate changes holds no row.",
    "PK-STEPS-ORDER": "Rate changes come in the order of time; {next_min} follows {start_min}.",
    "PK-STEPS-RATE": "A rate is a number of mg per hour that is not negative; {rate_mg_per_h} is none.",
    "PK-STEPS-OPEN": "The last rate ({rate_mg_per_h} mg/h) never ends: add a last row with rate 0.",
    "PK-TIME-NEGATIVE": "Times are minutes since the start; {t_min} is before it.",
    "PK-TIME-NONE": "At least one time is needed, and each is a number of minutes.",
    "PK-COV-WEIGHT": "The weight is a number of kg above 0; {value} is none.",
    "PK-COV-AGE": "The age is a number of years that is not negative; {value} is none.",
    "PK-COV-HOLD": "The time of holding is a number of minutes that is not negative; {value} is none.",
    "PK-COV-NAME": "The model has no covariate {name}.",
    "PK-ROUTE": "Model {model} has no {drug} by route {route}.",
    "PK-OUTPUT": "The model gives no {analyte} at site {site}.",
    "PK-RATES": "Model {model} cannot be solved for these numbers.",
    "PK-SUBJECTS": "A population has 2 to {upper} people; {subjects} is none.",
    "PK-SEED": "A seed is a whole number from 0 to 2^64 - 1; {seed} is none.",
    "PK-READING": "A reading is a concentration above 0 at minute 0 or later; {mg_per_l} mg/L at {at_min} is none.",
    "PK-READING-ERROR": "Model {model} gives no error of measurement for {analyte}, so a reading cannot be used.",
    "PK-INTERVAL": "An interval lies between 0 and 1, such as 0.9; {interval} does not.",
}

NOTES: Mapping[str, str] = {
    "PK-EXPLORATORY": "{analytes}: exploratory; published exposures differ threefold and more.",
    "PK-POP-AGE": "Age {age_years} is outside the ages the model was made from ({lower} to {upper}).",
    "PK-POP-AGE-UNKNOWN": "No age: whether the model fits this person is unknown. Give --age-y.",
    "PK-POP-HEIGHT": "No height: whether the model fits this person's build is unknown.",
    "PK-POP-HEALTHY": "The model was made from healthy volunteers only.",
    "PK-POP-CHILDREN": "The model was made from children only.",
    "PK-POP-ICU": "The model was made from people in intensive care.",
    "PK-POP-ROUTE": "The route {route} was not studied with this model.",
    "PK-POP-DOSE": "{dose_mg} mg is outside the doses that were studied ({lower} to {upper} mg).",
    "PK-POP-WT": "Above {upper} kg the model has not been tested.",
    "PK-POP-WT-LOW": "Below {lower} kg the model has not been tested.",
    "PK-VENOUS-EARLY": "Within {after_min} minutes of a push the venous level does not hold.",
    "PK-NO-SPREAD": "The source gives no variability but of ({on}): bands are too narrow.",
    "PK-COV-TYPICAL": "{name} is unknown; the typical value {typical} stands in.",
    "PK-COV-UNREAD": "Model {model} does not read {names}: nothing is moved for it.",
    "PK-EXP-AGE-UNKNOWN": "No age: whether exposure is higher as in older adults is unknown.",
    "PK-EXP-STUDIED": "Exposure is moved for {change}, by factors measured in people.",
    "PK-EXP-RECALLED": "Exposure is moved for {change}, by factors that were not read again in their source.",
    "PK-EXP-DERIVED": "Exposure is moved for {change}, by factors derived from a model.",
    "PK-EXP-DIRECTION": "What {change} does by {route} is known by direction only; nothing is moved for it.",
    "PK-EXP-SEVERAL": "{count} changes of exposure are multiplied; nobody measured them together.",
    "PK-EXP-UNMEASURED": "Nobody measured what {change} does by {route}; nothing is moved for it.",
    "PK-EXP-INFERRED": "Nobody measured what {change} does by {route}; what other routes show is carried over.",
    "PK-EXP-LIMIT": "A factor of {wanted} cannot be reached in model {model}; {reached} is used.",
    "PK-EXP-FLOW-LIMIT": "A factor of {wanted} is below what liver flow allows ({reached}); nothing is moved.",
    "PK-EXP-LIVER-SHARE": "The gut alone cannot carry this change: intrinsic clearance is multiplied by {intrinsic}.",
    "PK-EXP-NO-TARGET": "Model {model} names no clearance; a factor of {factor} is not applied.",
    "PK-EXP-AGE-BAND": "From {from_age_y} years on the label reports higher exposure: shown, not applied.",
    "PK-F-SPAN": "Papers put the share that reaches the blood between {lower} and {upper}.",
}


def noted(code: str, params: Mapping[str, object]) -> str:
    """The sentence of a finding; its numbers by name where it has no sentence of its own."""
    template = NOTES.get(code)
    if template is not None:
        return template.format_map(_Known(params))
    return "; ".join(f"{name.replace('_', ' ')} {said}" for name, said in _Known(params).items())


def refused(code: str, params: Mapping[str, object], *, where: str = "") -> InputError:
    """The sentence of a refusal that comes from the domain."""
    template = SENTENCES.get(code)
    sentence = f"This cannot be simulated ({params})." if template is None else template.format_map(_Known(params))
    return InputError(code, sentence, where=where)


class _Known(dict[str, object]):
    """Numbers in short; a parameter that is not there is named, never a KeyError in front of a person."""

    def __init__(self, params: Mapping[str, object]) -> None:
        super().__init__({key: _said(value) for key, value in params.items()})

    def __missing__(self, key: str) -> str:
        return key


def _said(value: object) -> object:
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else value
