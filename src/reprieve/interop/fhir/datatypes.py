"""FHIR R4 data types, only the elements that we read; everything else is skipped while decoding."""

from functools import lru_cache

import msgspec

from reprieve.domain.candidacy import chart


class Element(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """Base of everything we decode: FHIR writes element names in camel case."""


class Coding(Element, frozen=True):
    """A code of a code system; either part may be missing in real exports."""

    system: str = ""
    code: str = ""
    display: str = ""


class CodeableConcept(Element, frozen=True):
    """The same concept in several code systems, and as text."""

    coding: tuple[Coding, ...] = ()
    text: str = ""

    def comparable(self) -> tuple[chart.Coding, ...]:
        """The codings that name their system; one without a system cannot be compared and is kept out."""
        return tuple(_coding(one.system, one.code, one.display) for one in self.coding if one.system and one.code)

    def name(self) -> str:
        """What a person would call it: the text as entered, else the first display."""
        return self.text or next((one.display for one in self.coding if one.display), "")

    def first_code(self) -> str:
        """The first code whatever its system, for elements that FHIR binds to one value set."""
        return next((one.code for one in self.coding if one.code), "")


@lru_cache(maxsize=4096)
def _coding(system: str, code: str, display: str) -> chart.Coding:
    return chart.Coding(system=system, code=code, display=display)


class Reference(Element, frozen=True):
    """A pointer to another resource."""

    reference: str = ""
    display: str = ""


class Quantity(Element, frozen=True):
    """A number with a unit. `unit` is for people; only `code` in the UCUM `system` is read."""

    value: float | None = None
    comparator: str = ""
    unit: str = ""
    system: str = ""
    code: str = ""


class Period(Element, frozen=True):
    """From and to, each as precise as the source knew."""

    start: str = ""
    end: str = ""


class Meta(Element, frozen=True):
    """Only when the resource was last changed."""

    last_updated: str = ""


class Resource(Element, frozen=True):
    """What every resource has."""

    id: str = ""
    meta: Meta = Meta()
