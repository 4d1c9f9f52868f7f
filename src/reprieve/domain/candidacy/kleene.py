"""Three-valued logic: true, false, unknown (None). Unknown is neither; it only disappears when it cannot matter."""

from collections.abc import Iterable

Truth = bool | None


def negation(value: Truth) -> Truth:
    """Not unknown is unknown."""
    return None if value is None else not value


def conjunction(values: Iterable[Truth]) -> Truth:
    """False as soon as one is false; true only when all are true (of none: true)."""
    seen_unknown = False
    for value in values:
        if value is False:
            return False
        seen_unknown = seen_unknown or value is None
    return None if seen_unknown else True


def disjunction(values: Iterable[Truth]) -> Truth:
    """True as soon as one is true; false only when all are false (of none: false)."""
    return negation(conjunction(negation(value) for value in values))


def at_least(needed: int, values: Iterable[Truth]) -> Truth:
    """Whether `needed` of the values are true; unknown while the unknown ones could still decide it."""
    given = tuple(values)
    certain = sum(value is True for value in given)
    possible = sum(value is not False for value in given)
    if certain >= needed:
        return True
    return False if possible < needed else None
