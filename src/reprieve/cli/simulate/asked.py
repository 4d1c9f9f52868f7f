"""Turns the options of the command into a question, and with --subjects into a virtual trial."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from reprieve.cli.simulate import numbers
from reprieve.cli.simulate.answer import Question, outputs_at
from reprieve.cli.simulate.exposure import Told, exposed
from reprieve.cli.simulate.given import Given, doses_of
from reprieve.cli.simulate.words import refused
from reprieve.domain.pharmacology.covariates import CovariateError, Covariates
from reprieve.domain.pharmacology.linear_model import Drug, LinearModel, ResidualContext, Route
from reprieve.domain.pharmacology.regimen import RegimenError
from reprieve.domain.pharmacology.virtual_trial import VirtualTrial
from reprieve.errors import InputError
from reprieve.knowledge.kinetics import load_model, model_ids

Made = TypeVar("Made")
_RECOMMENDED = "k2s"
_RECOMMENDED_FOR = {(Drug.ESKETAMINE, Route.IN): "perez_ruixo2021"}


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


class Race(StrEnum):
    """What the model of nasal esketamine distinguishes."""

    ASIAN = "asian"
    JAPANESE = "japanese"
    OTHER = "other"


class Site(StrEnum):
    ARTERIAL = "arterial"
    VENOUS = "venous"


class Engine(StrEnum):
    LOCAL = "local"
    SPARK = "spark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed."""

    drug: str
    route: str
    weight_kg: str
    at: str
    dose_mg: str | None
    dose_mg_per_kg: str | None
    duration_min: str | None
    steps: Path | None
    devices: str | None
    device_gap_min: str
    hold_min: str | None
    spat_out: bool
    age_y: str | None
    sex: str | None
    race: str | None
    fed: bool | None
    others: list[str] | None
    child_pugh: str | None
    age_liver_flow: bool
    model: str | None
    site: str | None
    subjects: str | None
    seed: str
    interval: str
    residual: str | None
    engine: str


def options_of(typed: Mapping[str, Any]) -> Options:
    """The options among everything that the command was called with."""
    return Options(**{field.name: typed[field.name] for field in fields(Options)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A virtual trial with the interval asked for and the engine that runs it."""

    trial: VirtualTrial
    interval: float
    engine: Engine


def read_question(options: Options) -> Question:
    """Raises: InputError."""
    t_min = numbers.times(options.at)
    weight = numbers.positive(options.weight_kg, option="--weight-kg", unit="kg")
    drug, route = (
        numbers.word(Drug, options.drug, option="--drug"),
        numbers.word(Route, options.route, option="--route"),
    )
    given = Given(
        drug=drug,
        route=route,
        dose_mg=numbers.optional(options.dose_mg, option="--dose-mg", unit="mg"),
        dose_mg_per_kg=numbers.optional(options.dose_mg_per_kg, option="--dose-mg-per-kg", unit="mg/kg"),
        duration_min=numbers.positive(options.duration_min, option="--duration-min", unit="minutes"),
        steps=options.steps,
        devices=numbers.whole(options.devices, option="--devices", unit="devices"),
        device_gap_min=numbers.number(options.device_gap_min, option="--device-gap-min", unit="minutes"),
        weight_kg=weight or 0.0,
        until_min=t_min[-1],
    )
    model = _model(options.model, drug, route)
    site = None if options.site is None else numbers.word(Site, options.site, option="--site")
    outputs = outputs_at(model, site)
    if not outputs:
        raise InputError("PK-OUTPUT", f"Model {model.id} gives nothing at site {site}.", where="--site")
    doses = spoken(lambda: doses_of(given))
    covariates = spoken(lambda: _covariates(options, given.weight_kg))
    told = Told(
        others=tuple(options.others or ()),
        child_pugh=options.child_pugh,
        age_y=covariates.age_y,
        age_liver_flow=options.age_liver_flow,
    )
    moved = exposed(model, doses, told)
    return Question(
        model=moved.adjusted.model,
        doses=doses,
        covariates=covariates,
        t_min=t_min,
        outputs=outputs,
        changes=moved.changes,
        exposure=moved.adjusted.findings,
    )


def read_trial(options: Options, question: Question) -> Asked | None:
    """None without --subjects.  Raises: InputError."""
    engine = numbers.word(Engine, options.engine, option="--engine")
    interval = numbers.number(options.interval, option="--interval", unit="share")
    if not 0.0 < interval < 1.0:
        raise refused("PK-INTERVAL", {"interval": interval}, where="--interval")
    seed = numbers.whole(options.seed, option="--seed", unit="seed")
    subjects = numbers.whole(options.subjects, option="--subjects", unit="people")
    residual = options.residual and numbers.word(ResidualContext, options.residual, option="--residual")
    if subjects is None:
        if engine is Engine.SPARK or residual:
            raise InputError("SIM-SUBJECTS", "A cluster and the errors of an assay need people; say --subjects.")
        return None
    trial = spoken(
        lambda: VirtualTrial(
            model=question.model,
            doses=question.doses,
            t_min=question.t_min,
            outputs=question.outputs,
            covariates=question.covariates,
            subjects=subjects,
            seed=seed or 0,
            residual=residual or None,
        )
    )
    return Asked(trial=trial, interval=interval, engine=engine)


def spoken(make: Callable[[], Made]) -> Made:
    """What `make` gives, with a refusal of the domain put into words.  Raises: InputError."""
    try:
        return make()
    except (RegimenError, CovariateError) as problem:
        raise refused(problem.code, problem.params) from None


def _model(key: str | None, drug: Drug, route: Route) -> LinearModel:
    wanted = key or _RECOMMENDED_FOR.get((drug, route), _RECOMMENDED)
    if wanted not in model_ids():
        sentence = f"There is no model {wanted!r}; known are {', '.join(model_ids())}."
        raise InputError("SIM-MODEL", sentence, where="--model")
    model = load_model(wanted)
    if route not in model.routes_of(drug):
        raise refused("PK-ROUTE", {"model": wanted, "drug": drug, "route": route}, where="--route")
    return model


def _covariates(options: Options, weight_kg: float) -> Covariates:
    sex = None if options.sex is None else numbers.word(Sex, options.sex, option="--sex")
    race = None if options.race is None else numbers.word(Race, options.race, option="--race")
    return Covariates(
        weight_kg=weight_kg,
        age_y=numbers.optional(options.age_y, option="--age-y", unit="years"),
        female=None if sex is None else sex is Sex.FEMALE,
        asian=race in {Race.ASIAN, Race.JAPANESE},
        japanese=race is Race.JAPANESE,
        fed=options.fed,
        hold_min=numbers.optional(options.hold_min, option="--hold-min", unit="minutes"),
        swallowed=not options.spat_out,
    )
