"""Drug high, dissociation and analgesia as sigmoid shares of the maximum at the S-ketamine effect site."""

from dataclasses import dataclass
from math import isfinite

import numpy as np

from reprieve.domain.pharmacology.effects.standing import Array, EffectCurve, EffectKind, Illustration, Standing
from reprieve.domain.quantities.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SigmoidModel:
    """Half effect (mg/L of S-ketamine at the effect site), steepness, and the delay of that site behind arterial."""

    id: str
    kind: EffectKind
    standing: Standing
    half_effect_mg_per_l: float
    steepness: float
    effect_site_rate_per_min: float
    source: Source

    def __post_init__(self) -> None:
        values = (self.half_effect_mg_per_l, self.steepness, self.effect_site_rate_per_min)
        if not all(isfinite(value) and value > 0.0 for value in values):
            raise ValueError(f"{self.id}: constants must be positive")


def intensity(model: SigmoidModel, effect_site_mg_per_l: Array) -> EffectCurve:
    """Share of the maximum, 0 to 1, from S-ketamine at the effect site."""
    relative = (np.maximum(effect_site_mg_per_l, 0.0) / model.half_effect_mg_per_l) ** model.steepness
    return EffectCurve(
        kind=model.kind,
        standing=model.standing,
        unit="1",
        values=relative / (1.0 + relative),
        source=model.source,
        assumptions={
            "model": model.id,
            "driver": "S-ketamine",
            "half_effect_mg_per_l": model.half_effect_mg_per_l,
            "steepness": model.steepness,
            "effect_site_rate_per_min": model.effect_site_rate_per_min,
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DissociationMap:
    """Points of the CADSS at full intensity and their spread between people; never calibrated."""

    points_at_maximum: float
    cv: float
    source: Source


def dissociation_score(mapping: DissociationMap, drug_high: EffectCurve) -> Illustration:
    """Range of CADSS points, one spread below (never under 0) and one above the guess."""
    points = mapping.points_at_maximum * drug_high.values
    return Illustration(
        kind=EffectKind.DISSOCIATION_SCORE,
        unit="{score}",
        lower=np.maximum(points * (1.0 - mapping.cv), 0.0),
        upper=points * (1.0 + mapping.cv),
        source=mapping.source,
        assumptions={"points_at_maximum": mapping.points_at_maximum, "cv": mapping.cv},
    )
