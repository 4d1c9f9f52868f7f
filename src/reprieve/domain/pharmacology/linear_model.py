"""A published linear kinetic model as data: states in mg, flows between them, what enters and what is measured.

Units: mg, L, min, kg; fractions as 1. Amounts are mg of the substance that the state holds; a flow into another
substance carries its molecular-weight ratio in `yield_`.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reprieve.domain.pharmacology.formula import Formula
from reprieve.domain.quantities.sources import Source


class Drug(StrEnum):
    """What may be given; the base of the racemate, or of the S-enantiomer."""

    RACEMIC_KETAMINE = "racemic_ketamine"
    ESKETAMINE = "esketamine"


class Route(StrEnum):
    """How a dose is given; `sl` is held in the mouth, then swallowed or spat out."""

    IV = "iv"
    IM = "im"
    SC = "sc"
    IN = "in"
    SL = "sl"
    PO = "po"


class Site(StrEnum):
    """Where plasma is sampled; `effect` is a link state that lags behind plasma."""

    ARTERIAL = "arterial"
    VENOUS = "venous"
    EFFECT = "effect"


class Spread(StrEnum):
    """The scale on which a random effect is normal."""

    LOG = "log"
    LOGIT = "logit"


class ResidualContext(StrEnum):
    """Whose measurement: a research assay, or an ordinary blood draw."""

    RESEARCH = "research"
    CLINICAL = "clinical"


class ModelError(ValueError):
    """A model contradicts itself; it ships with us, so this is a bug. `code` says how, `params` where."""

    def __init__(self, code: str, **params: str) -> None:
        self.code = code
        self.params = params
        super().__init__(f"{code} {params}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """Typical value at the standard weight; `weight_exponent` None: not scaled by weight."""

    value: float
    unit: str
    source: Source
    weight_exponent: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Mass leaves `from_` at `rate` per minute; `to` None: eliminated, else it arrives times `yield_`."""

    from_: str
    rate: Formula
    to: str | None = None
    yield_: Formula | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """`to` sees `from_` without taking mass: d(to)/dt gains rate x from_."""

    from_: str
    to: str
    rate: Formula


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One place that a given dose enters, with its share of the dose.

    `fraction_later` replaces `fraction` from the second nasal device of a session on.
    """

    route: Route
    drug: Drug
    state: str
    fraction: Formula
    fraction_later: Formula | None = None
    zero_order_min: Formula | None = None
    lag_min: Formula | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputKey:
    """What is measured, and where."""

    analyte: str
    site: Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """amount (or link concentration) of a state, divided by `per`, times `times`."""

    state: str
    per: Formula | None = None
    times: Formula | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A concentration in mg/L as a sum of terms; `is_exploratory`: shown as marked, never decided on."""

    key: OutputKey
    terms: tuple[Term, ...]
    is_exploratory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Eta:
    """One random effect on every parameter of `on`; `sd` is on its scale (log or logit)."""

    name: str
    on: tuple[str, ...]
    sd: float
    spread: Spread = Spread.LOG
    is_between_occasions: bool = False
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """Between two random effects, on their own scales."""

    first: str
    second: str
    value: float
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Residual:
    """Error of one measurement: log_sd (exponential), or proportional and additive combined."""

    analyte: str
    context: ResidualContext
    proportional: float = 0.0
    additive_mg_per_l: float = 0.0
    log_sd: float | None = None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPopulation:
    """Whom the model may be expected to describe; None: the paper does not say, or no limit."""

    source: Source
    lower_age_years: float | None = None
    upper_age_years: float | None = None
    lower_bmi_kg_per_m2: float | None = None
    upper_bmi_kg_per_m2: float | None = None
    lower_weight_kg: float | None = None
    upper_weight_kg: float | None = None
    lower_dose_mg: float | None = None
    upper_dose_mg: float | None = None
    routes: tuple[Route, ...] = ()
    """Routes that were studied; empty: those of the inputs."""
    venous_after_push_min: float | None = None
    """The venous output does not hold for so long after a push; None: the paper does not say."""
    healthy_only: bool = False
    children_only: bool = False
    intensive_care_only: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearModel:
    """One model with everything that a prediction needs. `id` names it on screens and in stored orders.

    Two models are the same only when they are the same object: prepared structure is kept by identity.
    Raises: ModelError for a name that nothing declares.
    """

    id: str
    title: str
    drugs: tuple[Drug, ...]
    default_site: Site
    parameters: Mapping[str, Parameter]
    states: tuple[str, ...]
    flows: tuple[Flow, ...]
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    population: ModelPopulation
    source: Source
    standard_weight_kg: float | None = None
    covariates: Mapping[str, float] = field(default_factory=dict)
    derived: Mapping[str, Formula] = field(default_factory=dict)
    drives: tuple[Drive, ...] = ()
    etas: tuple[Eta, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    residuals: tuple[Residual, ...] = ()
    basis: str = "ketamine base"
    notes: str = ""

    def __post_init__(self) -> None:
        states = set(self.states)
        used = [*(flow.from_ for flow in self.flows), *(flow.to for flow in self.flows if flow.to is not None)]
        used += [place for drive in self.drives for place in (drive.from_, drive.to)]
        used += [*(entry.state for entry in self.inputs), *(t.state for out in self.outputs for t in out.terms)]
        _declared("PK-MODEL-STATE", used, states)
        if len(states) != len(self.states):
            raise ModelError("PK-MODEL-STATE", name="twice")
        _declared("PK-MODEL-ETA", [name for eta in self.etas for name in eta.on], self.parameters)
        etas = {eta.name for eta in self.etas}
        _declared("PK-MODEL-ETA", [name for pair in self.correlations for name in (pair.first, pair.second)], etas)

    def routes_of(self, drug: Drug) -> tuple[Route, ...]:
        """By which routes this drug may be given in the model, in the order of the file."""
        return tuple(dict.fromkeys(entry.route for entry in self.inputs if entry.drug is drug))


def _declared(code: str, used: Iterable[str], declared: Container[str]) -> None:
    missing = sorted(name for name in used if name not in declared)
    if missing:
        raise ModelError(code, name=missing[0])
