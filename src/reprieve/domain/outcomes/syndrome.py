"""The PHQ-9 depressive-syndrome rule: a screen by pattern of items, beside the total and not from it.

Source: CAMCOPS, task PHQ-9; the limits come with the instrument.
"""

from enum import StrEnum

from reprieve.domain.outcomes.instrument import SyndromeRule
from reprieve.domain.outcomes.scoring import Answers


class Syndrome(StrEnum):
    """What the pattern says; `UNDETERMINED` when the missing answers could change it."""

    MAJOR = "major"
    OTHER = "other"
    NONE = "none"
    UNDETERMINED = "undetermined"


def depressive_syndrome(rule: SyndromeRule, answers: Answers, *, items: tuple[int, ...]) -> Syndrome:
    """Judge the counted `items`. Every missing answer is tried as not positive and as positive."""
    positive = {number for number in items if _counts(rule, number, answers.get(number))}
    missing = {number for number in items if answers.get(number) is None}
    least, most = _judge(rule, positive), _judge(rule, positive | missing)
    return least if least is most else Syndrome.UNDETERMINED


def _counts(rule: SyndromeRule, number: int, value: int | None) -> bool:
    return value is not None and value >= rule.exceptions.get(number, rule.positive_from)


def _judge(rule: SyndromeRule, positive: set[int]) -> Syndrome:
    if not positive & rule.core_items or len(positive) < rule.other_from:
        return Syndrome.NONE
    return Syndrome.MAJOR if len(positive) >= rule.major_from else Syndrome.OTHER
