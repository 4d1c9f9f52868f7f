"""How codes, drug names and measurements of a record become facts; the map itself is knowledge."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from reprieve.domain.candidacy.equivalents import EquivalentTable
from reprieve.domain.candidacy.trials import TrialCriteria
from reprieve.domain.candidacy.urine_screen import UrineScreen


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionMap:
    """Diagnoses that make a fact true (ALG-09). ICD-10-CM by prefix; `x` stands for one or more characters.

    `lifetime`: also when resolved. `lapses_after_days`: an old entry that nobody closed no longer counts.
    """

    fact: str
    icd10: tuple[str, ...] = ()
    snomed: frozenset[str] = frozenset()
    except_icd10: tuple[str, ...] = ()
    lifetime: bool = False
    lapses_after_days: int | None = None

    def covers_icd10(self, code: str) -> bool:
        """Whether a code, with or without its dot, is meant."""
        dotted = dotted_icd10(code)
        return not self.excepts_icd10(code) and any(matches_icd10(dotted, pattern) for pattern in self.icd10)

    def excepts_icd10(self, code: str) -> bool:
        """Whether a code says that this is not meant, whatever other codes stand beside it."""
        dotted = dotted_icd10(code)
        return any(matches_icd10(dotted, pattern) for pattern in self.except_icd10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredient:
    """A drug by name and RxNorm ingredient code (None where not confirmed); `brands` are trade names seen in charts."""

    name: str
    rxcui: str | None = None
    brands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugClass:
    """A list of ingredients and the fact that taking one of them makes true; `routes`: only by one of these."""

    id: str
    fact: str
    members: tuple[str, ...]
    routes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicineRoute:
    """How a medicine is taken: SNOMED CT codes of the route, and words of a dose form or brand that say the same."""

    name: str
    snomed: frozenset[str]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationMap:
    """A measurement and its fact; `unit` is the UCUM unit of the fact, the molar mass for one given as an amount."""

    fact: str
    loinc: tuple[str, ...]
    unit: str
    molar_mass_g_per_mol: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultMap:
    """A yes-or-no fact out of results: the newest one decides by its code, or without codes by being on file."""

    fact: str
    loinc: tuple[str, ...]
    positive: frozenset[str] = frozenset()
    negative: frozenset[str] = frozenset()

    def reads(self, codes: frozenset[str]) -> bool | None:
        """What the codes of one result say; None when they say neither, or both."""
        if not self.positive:
            return True
        says_yes, says_no = bool(codes & self.positive), bool(codes & self.negative)
        return says_yes if says_yes is not says_no else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartMap:
    """Everything needed to read facts out of a record."""

    conditions: tuple[ConditionMap, ...]
    ingredients: tuple[Ingredient, ...]
    drug_classes: tuple[DrugClass, ...]
    observations: tuple[ObservationMap, ...]
    results: tuple[ResultMap, ...]
    indications: tuple[ConditionMap, ...]
    allergens: tuple[str, ...]
    equivalent_tables: tuple[EquivalentTable, ...]
    opioid_tables: tuple[EquivalentTable, ...]
    trial_criteria: tuple[TrialCriteria, ...]
    urine_screen: UrineScreen
    medicine_routes: tuple[MedicineRoute, ...]
    by_rxcui: Mapping[str, Ingredient] = field(init=False)
    by_word: tuple[tuple[str, Ingredient], ...] = field(init=False)

    def __post_init__(self) -> None:
        known = {drug.rxcui: drug for drug in self.ingredients if drug.rxcui is not None}
        object.__setattr__(self, "by_rxcui", known)
        words = tuple((word.lower(), drug) for drug in self.ingredients for word in (drug.name, *drug.brands))
        object.__setattr__(self, "by_word", words)

    def routes_of(self, codes: Iterable[str], text: str) -> frozenset[str]:
        """Every way of taking it that the codes name; without one, the first that the words name. Empty: not known."""
        given, lower = frozenset(codes), text.lower()
        coded = frozenset(route.name for route in self.medicine_routes if route.snomed & given)
        named = (route.name for route in self.medicine_routes if any(word in lower for word in route.words))
        return coded or frozenset([*named][:1])

    def named_in(self, text: str) -> tuple[Ingredient, ...]:
        """Ingredients whose name or brand is a whole word of the text (`desvenlafaxine` is not `venlafaxine`)."""
        lower = text.lower()
        # Looking for the plain word first spares nearly every pattern.
        found = (drug for word, drug in self.by_word if word in lower and _as_word(word).search(lower))
        return tuple(dict.fromkeys(found))


def dotted_icd10(code: str) -> str:
    """`i714` and `I71.4` are the same code."""
    plain = code.strip().upper().replace(".", "")
    return plain if len(plain) <= 3 else f"{plain[:3]}.{plain[3:]}"


def matches_icd10(code: str, pattern: str) -> bool:
    """Prefix match of a dotted code; `x` in the pattern stands for one or more further characters (ALG-09)."""
    return _icd10_pattern(pattern).match(code) is not None


@cache
def _icd10_pattern(pattern: str) -> re.Pattern[str]:
    head, mark, tail = pattern.partition("x")
    if mark and tail:
        return re.compile(f"{re.escape(head)}.+{re.escape(tail)}$")
    return re.compile(re.escape(head) + ("." if mark else ""))


@cache
def _as_word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z]){re.escape(word)}(?![a-z])")
