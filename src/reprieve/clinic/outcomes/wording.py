"""Sentences about scores and tasks, made from codes and numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import dateformat, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reprieve.clinic.outcomes.trends import Trend
from reprieve.clinic.patients.models import SafetyTask
from reprieve.domain.outcomes.instrument import ChangeRule, Cutoff
from reprieve.domain.outcomes.response import Change
from reprieve.domain.outcomes.syndrome import Syndrome
from reprieve.domain.quantities.sources import Confidence
from reprieve.knowledge.candidacy import RuleWords, rule_words
from reprieve.knowledge.instruments import load_instrument
from reprieve.knowledge.loader import sources

Words = str | Promise

SYNDROMES: dict[Syndrome, Words] = {
    Syndrome.MAJOR: gettext_lazy("as in major depressive syndrome"),
    Syndrome.OTHER: gettext_lazy("as in another depressive syndrome"),
    Syndrome.NONE: gettext_lazy("not that of a depressive syndrome"),
    Syndrome.UNDETERMINED: gettext_lazy("cannot be judged: the missing answers could change it"),
}
_TASK_TITLES: dict[str, Words] = {
    "SR-05": gettext_lazy("Thoughts of death or self-harm on the PHQ-9: ask the C-SSRS now"),
    "PHQ9-ITEM9-MISSING": gettext_lazy("PHQ-9 question 9 was not answered: ask in person"),
    "FU-WORSE": gettext_lazy("Score has risen: call the patient"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One definition applied: its name, yes, no or unknown, why, and how sure the definition is."""

    name: str
    answer: str
    tone: str
    reason: str
    definition: str
    source: str
    recalled: bool


def verdicts(trend: Trend) -> tuple[Verdict, ...]:
    """Response, remission, reliable change and worsening of the latest score, each on its own."""
    if trend.change is None or trend.baseline is None:
        return ()
    rule, change = trend.instrument.change, trend.change
    return (
        _response(rule, change, trend.baseline.at),
        _remission(rule, change),
        _reliable(rule, change),
        _worsening(rule, change),
    )


def summary_line(trend: Trend) -> str:
    """`Response: yes, 52 % below baseline 21 on 3 Mar 2026`, or why there is no such line."""
    found = verdicts(trend)
    if found:
        return f"{found[0].name}: {found[0].answer}, {found[0].reason}"
    if not trend.doses:
        return _("No dose yet: response is judged against the last score before the first dose.")
    if trend.baseline is None:
        days = trend.instrument.change.baseline_days.value
        return _("Response cannot be judged: no complete score in the %(days)d days before the first dose.") % {
            "days": days
        }
    return _("No score since the first dose yet; the baseline is %(total)d on %(day)s.") % {
        "total": trend.baseline.total or 0,
        "day": _day(trend.baseline.at),
    }


def task_title(rule: str) -> Words:
    """What a task asks for: our words, else the statement of the candidacy rule that opened it, else the rule's id."""
    known = _of_candidacy(rule)
    return _TASK_TITLES.get(rule, known.statement if known else rule)


def _of_candidacy(rule: str) -> RuleWords | None:
    return next((words for (rule_id, _clause), words in rule_words().items() if rule_id == rule), None)


def task_cause(task: SafetyTask) -> str:
    """The numbers behind a task."""
    params = task.params
    if task.rule == "SR-05" and "item" in params:
        item = load_instrument(params["instrument"]).items[params["item"] - 1]
        words = next(option.text for option in item.options if option.value == params["value"])
        return _("Question 9 was answered “%(words)s” (%(value)d of %(most)d).") % {
            "words": words, "value": params["value"], "most": item.upper
        }  # fmt: skip
    if task.rule == "FU-WORSE" and "before" in params:
        title = load_instrument(params["instrument"]).title
        return _("%(title)s rose from %(before)d to %(after)d after treatment had begun.") % {"title": title, **params}
    if task.rule == "PHQ9-ITEM9-MISSING":
        return _("The other answers do not say whether there are thoughts of death or self-harm.")
    known = _of_candidacy(task.rule)
    return known.advice if known else ""


def since(span: timedelta | None) -> str:
    """`3 d after a dose`; hours on the first two days."""
    if span is None:
        return _("no dose before")
    hours = span / timedelta(hours=1)
    if hours < 1:
        return _("less than an hour after a dose")
    return _("%(n)d h after a dose") % {"n": hours} if hours < 48 else _("%(n)d d after a dose") % {"n": hours / 24}


def _response(rule: ChangeRule, change: Change, baseline_at: datetime) -> Verdict:
    reason = _against_baseline(change, baseline_at)
    if change.partial_response:
        reason = _("%(reason)s (partial response: a fall of %(from)d to under %(to)d %%)") % {
            "reason": reason, "from": rule.partial_percent.value, "to": rule.response_percent.value
        }  # fmt: skip
    definition = _("a fall of at least %(n)d %% from baseline") % {"n": rule.response_percent.value}
    return _verdict(_("Response"), change.response, reason, definition, rule.response_percent)


def _remission(rule: ChangeRule, change: Change) -> Verdict:
    definition = _("a total below %(n)d") % {"n": rule.remission_below.value}
    reason = _("latest total %(n)d") % {"n": change.current}
    return _verdict(_("Remission"), change.remission, reason, definition, rule.remission_below)


def _reliable(rule: ChangeRule, change: Change) -> Verdict:
    changed = change.reliable_improvement or change.reliable_deterioration
    reason = _points(change.fall_points)
    definition = _("a change of %(n)d points or more, up or down") % {"n": rule.reliable_points.value}
    good = None if not changed else change.reliable_improvement
    return _verdict(_("Reliable change"), changed, reason, definition, rule.reliable_points, good=good)


def _worsening(rule: ChangeRule, change: Change) -> Verdict:
    definition = _("a rise of %(n)d points or more") % {"n": rule.worsening_points.value}
    good = False if change.worsening else None
    reason = _points(change.fall_points)
    return _verdict(_("Worsening"), change.worsening, reason, definition, rule.worsening_points, good=good)


def _verdict(
    name: str, answer: bool | None, reason: str, definition: str, limit: Cutoff, *, good: bool | None = True
) -> Verdict:
    words = _("not known") if answer is None else _("yes") if answer else _("no")
    tone = "" if not answer or good is None else "good" if good else "stop"
    return Verdict(
        name=name, answer=words, tone=tone, reason=reason, definition=definition,
        source="; ".join(sources()[key].citation for key in limit.source.keys),
        recalled=limit.source.confidence is Confidence.RECALLED,
    )  # fmt: skip


def _against_baseline(change: Change, baseline_at: datetime) -> str:
    where = {"baseline": change.baseline, "day": _day(baseline_at)}
    if change.fall_percent is None:
        return _("the baseline on %(day)s was 0, so a percentage has no meaning") % where
    if change.fall_percent == 0:
        return _("same as baseline %(baseline)d on %(day)s") % where
    where["percent"] = _whole_percent(change.fall_points, change.baseline)
    if change.fall_points > 0:
        return _("%(percent)d %% below baseline %(baseline)d on %(day)s") % where
    return _("%(percent)d %% above baseline %(baseline)d on %(day)s") % where


def _whole_percent(fall_points: int, baseline: int) -> int:
    """Cut, not rounded: 49.6 % must not be printed as the 50 % that it is not."""
    return 100 * abs(fall_points) // baseline


def _day(at: datetime) -> str:
    return dateformat.format(timezone.localtime(at), "j M Y")


def _points(fall_points: int) -> str:
    if fall_points == 0:
        return _("no change since baseline")
    words = _("%(n)d points lower than baseline") if fall_points > 0 else _("%(n)d points higher than baseline")
    return words % {"n": abs(fall_points)}
