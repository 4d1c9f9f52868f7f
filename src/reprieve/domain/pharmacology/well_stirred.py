"""A well-stirred liver: what its flow and its intrinsic clearance make of a dose by vein, by mouth and by nose.

Area per dose: by vein 1/intrinsic + 1/flow, by mouth gut/intrinsic; of a nasal dose the absorbed part counts as by
vein and the swallowed part as by mouth.
"""

from dataclasses import dataclass

from reprieve.domain.pharmacology.linear_model import LinearModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Liver:
    """Names of the parameters of a well-stirred liver: intrinsic rates, flow, volume, and the gut before it.

    `nasal` is the fraction of a nasal dose that the nose absorbs (the rest is swallowed); None: no nasal dose.
    """

    intrinsic: tuple[str, ...]
    flow: str
    volume: str
    gut: str
    nasal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Typical flow and intrinsic clearance of a liver (L/min), and the fractions past gut and nose."""

    flow: float
    intrinsic: float
    gut: float
    nasal: float

    @classmethod
    def of(cls, model: LinearModel, liver: Liver) -> "Body":
        value = {name: parameter.value for name, parameter in model.parameters.items()}
        intrinsic = value[liver.volume] * sum(value[name] for name in liver.intrinsic)
        nasal = 0.0 if liver.nasal is None else value[liver.nasal]
        return cls(flow=value[liver.flow], intrinsic=intrinsic, gut=value[liver.gut], nasal=nasal)

    @property
    def least_iv_factor(self) -> float:
        """With endless intrinsic clearance the liver flow alone is left."""
        return self.intrinsic / (self.intrinsic + self.flow)

    def intrinsic_change(self, iv_factor: float) -> float | None:
        """What the intrinsic clearance is multiplied by; None: no liver of this flow clears so fast."""
        resistance = iv_factor * (1.0 / self.intrinsic + 1.0 / self.flow) - 1.0 / self.flow
        return 1.0 / (resistance * self.intrinsic) if resistance > 0.0 else None

    def intrinsic_change_by_nose(self, factor: float, *, intrinsic: float, gut: float) -> float | None:
        """The same for the area after a nasal dose, from intrinsic clearance and gut already changed so much.

        Area per dose: what the nose absorbs as by vein, the rest as by mouth.
        """
        cleared, flowed = self._nasal_area(intrinsic=intrinsic, gut=gut)
        rest = factor * (cleared + flowed) - flowed
        return cleared / rest if rest > 0.0 else None

    def least_nasal_factor(self, *, intrinsic: float, gut: float) -> float:
        """With endless intrinsic clearance only what the flow lets past is left."""
        cleared, flowed = self._nasal_area(intrinsic=intrinsic, gut=gut)
        return flowed / (cleared + flowed)

    def _nasal_area(self, *, intrinsic: float, gut: float) -> tuple[float, float]:
        """Area per mg that intrinsic clearance sets, and that liver flow sets."""
        reaching = self.nasal + (1.0 - self.nasal) * self.gut * gut
        return reaching / (self.intrinsic * intrinsic), self.nasal / self.flow
