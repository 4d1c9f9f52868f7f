"""NMDA occupancy index: how much of the receptor would be held if brain water followed unbound plasma."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np

from reprieve.domain.pharmacology.effects.standing import Array, EffectCurve, EffectKind, Standing
from reprieve.domain.quantities.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Ligand:
    """One substance at the receptor: inhibition constant, unbound share of plasma, brain water per unbound plasma."""

    inhibition_umol_per_l: float
    unbound_fraction: float
    brain_to_plasma: float
    molar_mass_g_per_mol: float

    def __post_init__(self) -> None:
        positive = (self.inhibition_umol_per_l, self.brain_to_plasma, self.molar_mass_g_per_mol)
        if not all(isfinite(value) and value > 0.0 for value in positive) or not 0.0 < self.unbound_fraction <= 1.0:
            raise ValueError("a ligand needs positive constants and an unbound fraction up to 1")

    def saturation(self, plasma_mg_per_l: Array) -> Array:
        """Free concentration over the inhibition constant."""
        free_umol_per_l = plasma_mg_per_l * 1000.0 / self.molar_mass_g_per_mol * self.unbound_fraction
        return free_umol_per_l * self.brain_to_plasma / self.inhibition_umol_per_l


@dataclass(frozen=True, slots=True, kw_only=True)
class InhibitionSet:
    """Constants of one assay. Assays differ forty-fold: the index says what this set implies, not what was measured."""

    id: str
    ligands: Mapping[str, Ligand]
    source: Source

    def __post_init__(self) -> None:
        if not self.ligands:
            raise ValueError(f"{self.id}: no ligand")


def occupancy_index(constants: InhibitionSet, plasma_mg_per_l: Mapping[str, Array]) -> EffectCurve:
    """Share of receptors from 0 to 1, competing ligands at one site. No human occupancy was ever measured.

    `plasma_mg_per_l` by analyte; a ligand of the set whose concentration is not given is named as left out.
    Raises: ValueError when no ligand of the set is given.
    """
    given = {name: ligand for name, ligand in constants.ligands.items() if name in plasma_mg_per_l}
    if not given:
        raise ValueError(f"{constants.id}: none of {sorted(constants.ligands)} is given")
    bound = np.sum([ligand.saturation(plasma_mg_per_l[name]) for name, ligand in given.items()], axis=0)
    return EffectCurve(
        kind=EffectKind.OCCUPANCY_INDEX,
        standing=Standing.DERIVED,
        unit="1",
        values=bound / (1.0 + bound),
        source=constants.source,
        assumptions=_assumptions(constants, given),
    )


def _assumptions(
    constants: InhibitionSet, given: Mapping[str, Ligand]
) -> dict[str, str | float | bool | tuple[str, ...]]:
    said: dict[str, str | float | bool | tuple[str, ...]] = {"constants": constants.id, "measured": False}
    said["left_out"] = tuple(sorted(set(constants.ligands) - set(given)))
    for name, ligand in given.items():
        said[f"{name}.ki_umol_per_l"] = ligand.inhibition_umol_per_l
        said[f"{name}.unbound_fraction"] = ligand.unbound_fraction
        said[f"{name}.brain_to_plasma"] = ligand.brain_to_plasma
    return said
