"""Two clinicians go ahead although a rule speaks against it: the contract of such an override (ALG-04, ALG-05)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reprieve.domain.quantities.findings import Severity


class OverrideProblem(StrEnum):
    """What is missing for an override; each is a code that the shell puts into words."""

    NOTHING = "OVERRIDE-DECISION"
    ABSOLUTE = "OVERRIDE-ABSOLUTE"
    SAME_PERSON = "OVERRIDE-SAME-PERSON"
    REASONS = "OVERRIDE-REASONS"


class OverrideRefused(ValueError):
    """ALG-04 is not met; `problem` says which part."""

    def __init__(self, problem: OverrideProblem) -> None:
        self.problem = problem
        super().__init__(problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """RELATIVE rules that a prescriber and a second clinician accept for one series.

    `rules`: what each rule counts as by its id. `prescriber` and `second_clinician`: whatever identifies a person.
    `risk_benefit` and `mitigation` are about this patient, in the prescriber's words. It
    ends with the series: the shell keeps when.

    Raises: OverrideRefused.
    """

    rules: Mapping[str, Severity]
    prescriber: str
    second_clinician: str
    risk_benefit: str
    mitigation: str

    def __post_init__(self) -> None:
        problem = _problem(self)
        if problem is not None:
            raise OverrideRefused(problem)


def _problem(override: Override) -> OverrideProblem | None:
    levels = set(override.rules.values())
    if Severity.ABSOLUTE in levels:
        return OverrideProblem.ABSOLUTE
    if levels != {Severity.RELATIVE}:
        return OverrideProblem.NOTHING
    if override.prescriber.strip() == override.second_clinician.strip():
        return OverrideProblem.SAME_PERSON
    texts = (override.prescriber, override.second_clinician, override.risk_benefit, override.mitigation)
    return None if all(text.strip() for text in texts) else OverrideProblem.REASONS
