"""Facts with who said them and when: one by one, in disagreement, and all that was told to the clinic."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reprieve.clinic.api import wording
from reprieve.clinic.assessments.presenters.values import show_value, shown_detail
from reprieve.clinic.assessments.selectors import relevant_facts
from reprieve.clinic.assessments.wording import TELLERS
from reprieve.domain.candidacy.assessment import Assessment
from reprieve.domain.candidacy.facts import Fact, Teller
from reprieve.interop.cds_hooks.cards import Namings
from reprieve.interop.cds_hooks.told import Naming, Told
from reprieve.knowledge.candidacy import fact_words

_MARKUP = frozenset("\\`*_[]<>#|!:@")
_PEOPLE = (Teller.CLINICIAN, Teller.PATIENT)
_MOST_ANSWERS = 12


def read(fact: Fact, named_by: Namings) -> str:
    """`190 mmHg (Record, 2026-03-01)`, `sertraline (Record)`, `C-SSRS 4: Yes (Patient, 2026-03-01)`."""
    if fact.value is True and fact.detail and set(fact.detail) <= set(named_by):
        return ", ".join(f"{plain(drug)} ({'; '.join(_named(one) for one in named_by[drug])})" for drug in fact.detail)
    detail = plain(shown_detail(fact.detail))
    value = plain(show_value(fact.key, fact.value))
    if isinstance(fact.value, bool):
        words = detail if detail and fact.value else f"{_question(fact.key)}: {value}"
    else:
        words = f"{value}, {detail}" if detail else value
    return f"{words} ({_line(fact)})"


def disagreements(assessment: Assessment) -> list[str]:
    """Both sides of each disagreement; which counts is said, and that a clinician has to settle it."""
    if not assessment.facts.conflicts:
        return []
    lines = ["", _("**They disagree. The first of each line counts until a clinician settles it:**"), ""]
    return lines + [
        f"- {_question(pair.believed.key)}: {_side(pair.believed)} / {_side(pair.other)}"
        for pair in assessment.facts.conflicts
    ]


def told_lines(assessment: Assessment, told: Told, clinic: str) -> list[str]:
    """Everything that was told to the clinic and used, by teller and day; or why nothing was."""
    name = plain(clinic)
    if told.is_disputed:
        return []
    if told.held_back is not None:
        return ["", wording.HELD_BACK[told.held_back] % {"clinic": name}]
    lines = [*_answers(assessment, told), *_lists(told), *_too_old(assessment, told)]
    return ["", _("**Told to %(clinic)s, beside the record:**") % {"clinic": name}, "", *lines] if lines else []


def plain(text: str) -> str:
    """Text of a record inside Markdown: nothing in it may become a link, an image or markup."""
    escaped = "".join(f"\\{letter}" if letter in _MARKUP else letter for letter in text.replace("\n", " "))
    return escaped.replace("www.", "www\\.")


def _answers(assessment: Assessment, told: Told) -> Iterator[str]:
    """The answers that count, those behind a finding first."""
    stated = {fact.key for fact in told.statements}
    decisive = {key for item in assessment.findings for key in item.finding.params}
    relevant, order = relevant_facts(assessment.indication), {key: rank for rank, key in enumerate(fact_words())}
    used = [
        fact
        for key, fact in assessment.facts.by_key.items()
        if key in stated
        and fact.said_by in _PEOPLE
        and key in assessment.facts.values
        and (key in relevant or key in decisive)
    ]
    used.sort(key=lambda fact: (_line(fact), fact.key not in decisive, order.get(fact.key, 0)))
    for line, facts in groupby(used, key=_line):
        group = list(facts)
        shown = "; ".join(
            f"{_question(fact.key)}: {plain(show_value(fact.key, fact.value))}" for fact in group[:_MOST_ANSWERS]
        )
        left = len(group) - _MOST_ANSWERS
        more = _("; and %(n)d more") % {"n": left} if left > 0 else ""
        yield f"- {line}: {shown}{more}"


def _lists(told: Told) -> Iterator[str]:
    """Medicines and trials, one line a teller."""
    for by, rows in groupby(told.medications, key=lambda row: (row.said_by, row.said_on)):
        names = ", ".join(plain(row.name) for row in rows)
        yield _("- %(who)s: takes %(names)s") % {"who": _by_line(*by), "names": names}
    for teller in told.trials_on:
        names = ", ".join(plain(trial.drug) for trial in told.trials if trial.said_by is teller)
        who = _by_line(teller, told.trials_on[teller])
        yield _("- %(who)s: antidepressants tried: %(names)s") % {"who": who, "names": names}


def _too_old(assessment: Assessment, told: Told) -> Iterator[str]:
    old = sum(fact.is_stale(on=assessment.on) for fact in told.statements)
    if old:
        yield ngettext("- %(n)d answer is too old to count", "- %(n)d answers are too old to count", old) % {"n": old}


def _side(fact: Fact) -> str:
    return f"{plain(show_value(fact.key, fact.value))} ({_line(fact)})"


def _line(fact: Fact) -> str:
    return _by_line(fact.said_by, fact.said_on)


def _named(naming: Naming) -> str:
    return str(wording.THIS_ORDER) if naming.said_by is None else _by_line(naming.said_by, naming.said_on)


def _by_line(teller: Teller, day: date | None) -> str:
    return f"{TELLERS[teller]}, {day.isoformat()}" if day is not None else str(TELLERS[teller])


def _question(key: str) -> str:
    words = fact_words().get(key)
    return plain(words.question if words is not None else key)
