"""What is done to the pump."""

from dataclasses import dataclass

from reprieve.domain.session.plausible import require_plausible, require_text


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionStarted:
    rate_ml_per_h: float

    def __post_init__(self) -> None:
        require_plausible(rate_ml_per_h=self.rate_ml_per_h)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChanged:
    rate_ml_per_h: float
    reason: str

    def __post_init__(self) -> None:
        require_plausible(rate_ml_per_h=self.rate_ml_per_h)
        require_text(self.reason, "a rate is changed for a reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionPaused:
    reason: str

    def __post_init__(self) -> None:
        require_text(self.reason, "an infusion is paused for a reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionResumed:
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionStopped:
    """`residual_ml` is what is left in bag and line, read off by a person; None when nobody has."""

    residual_ml: float | None = None
    early: bool = False
    reason: str = ""

    def __post_init__(self) -> None:
        require_plausible(residual_ml=self.residual_ml)
        if self.early:
            require_text(self.reason, "an infusion is stopped early for a reason")
