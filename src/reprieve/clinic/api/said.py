"""Facts with who said them and when: one by one, in disagreement, and all that was told to the clinic."""

from collections.abc import Iterator
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reprieve.clinic.api import wording
from reprieve.clinic.assessments.presenters.values import show_value, shown_detail
from reprieve.clinic.assessments.selectors import relevant_facts
from reprieve.clinic.assessments.wording import TELLERS
from reprieve.domain.candidacy.assessment import Assessment
from reprieve.domain.candidacy.facts import Fact, Teller
from reprieve.interop.cds_hooks.told import By, Told
from reprieve.knowledge.candidacy import fact_words

_MARKUP = frozenset("\\`*_[]<>#|!:@")
_PEOPLE = (Teller.CLINICIAN, Teller.PATIENT)
_MOST_ANSWERS = 12


def read(fact: Fact, told: Told) -> str:
    """`190 mmHg (Record, 2026-03-01)`, `sertraline (Record)`, `C-SSRS 4: Yes (Patient, 2026-03-01)`."""
    detail = plain(shown_detail(fact.detail))
    value = plain(show_value(fact.key, fact.value))
    if isinstance(fact.value, bool):
        words = detail if detail and fact.value else f"{_question(fact.key)}: {value}"
    else:
        words = f"{value}, {detail}" if detail else value
    return f"{words} ({_who(fact, told)})"


def disagreements(assessment: Assessment, told: Told) -> list[str]:
    """Both sides of each disagreement; which counts is said, and that a clinician has to settle it."""
    if not assessment.facts.conflicts:
        return []
    lines = ["", _("**They disagree. The first of each line counts until a clinician settles it:**"), ""]
    return lines + [
        f"- {_question(pair.believed.key)}: {_side(pair.believed, told)} / {_side(pair.other, told)}"
        for pair in assessment.facts.conflicts
    ]


def told_lines(assessment: Assessment, told: Told, clinic: str) -> list[str]:
    """Everything that was told to the clinic and used, by teller and day; or why nothing was."""
    name = plain(clinic)
    if told.is_disputed:
        return []
    if told.held_back is not None:
        return ["", wording.HELD_BACK[told.held_back] % {"clinic": name}]
    lines = [*_answers(assessment), *_lists(told), *_too_old(assessment, told)]
    return ["", _("**Told to %(clinic)s, beside the record:**") % {"clinic": name}, "", *lines] if lines else []


def plain(text: str) -> str:
    """Text of a record inside Markdown: nothing in it may become a link, an image or markup."""
    escaped = "".join(f"\\{letter}" if letter in _MARKUP else letter for letter in text.replace("\n", " "))
    return escaped.replace("www.", "www\\.")


def _answers(assessment: Assessment) -> Iterator[str]:
    """The answers that count, those behind a finding first."""
    decisive = {key for item in assessment.findings for key in item.finding.params}
    relevant, order = relevant_facts(assessment.indication), {key: rank for rank, key in enumerate(fact_words())}
    used = [
        fact
        for key, fact in assessment.facts.by_key.items()
        if fact.said_by in _PEOPLE and key in assessment.facts.values and (key in relevant or key in decisive)
    ]
    used.sort(key=lambda fact: (_by_line(fact), fact.key not in decisive, order.get(fact.key, 0)))
    for line, facts in groupby(used, key=_by_line):
        group = list(facts)
        shown = "; ".join(
            f"{_question(fact.key)}: {plain(show_value(fact.key, fact.value))}" for fact in group[:_MOST_ANSWERS]
        )
        left = len(group) - _MOST_ANSWERS
        more = _("; and %(n)d more") % {"n": left} if left > 0 else ""
        yield f"- {line}: {shown}{more}"


def _lists(told: Told) -> Iterator[str]:
    if told.medications and told.medications_by is not None:
        names = ", ".join(plain(row.name) for row in told.medications)
        yield _("- %(who)s: takes %(names)s") % {"who": _by(told.medications_by), "names": names}
    if told.trials and told.trials_by is not None:
        names = ", ".join(plain(trial.drug) for trial in told.trials)
        yield _("- %(who)s: antidepressants tried: %(names)s") % {"who": _by(told.trials_by), "names": names}


def _too_old(assessment: Assessment, told: Told) -> Iterator[str]:
    old = sum(fact.is_stale(on=assessment.on) for fact in told.statements)
    if old:
        yield ngettext("- %(n)d answer is too old to count", "- %(n)d answers are too old to count", old) % {"n": old}


def _side(fact: Fact, told: Told) -> str:
    return f"{plain(show_value(fact.key, fact.value))} ({_who(fact, told)})"


def _who(fact: Fact, told: Told) -> str:
    """A medicine that only a person told is not the record's, though both stand in one list."""
    if fact.said_by is Teller.CHART and told.medications_by is not None:
        only_told = told.only_told.intersection(fact.detail)
        if only_told:
            record = "" if only_told == set(fact.detail) else f"{TELLERS[Teller.CHART]}; "
            return f"{record}{_by(told.medications_by)}"
    return _by_line(fact)


def _by_line(fact: Fact) -> str:
    day = f", {fact.said_on.isoformat()}" if fact.said_on is not None else ""
    return f"{TELLERS[fact.said_by]}{day}"


def _by(by: By) -> str:
    return f"{TELLERS[by[0]]}, {by[1].isoformat()}"


def _question(key: str) -> str:
    words = fact_words().get(key)
    return plain(words.question if words is not None else key)
