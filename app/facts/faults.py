"""What the schema cannot say: each fault names its place in the request and what would be accepted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from app.clinical.episode import Episode, LabResult, Site
from app.clinical.medicine import Tacrolimus
from app.facts.dates import resolved_dates, zone_named, zone_of
from app.facts.freshness import collection_day
from app.facts.samples import contradicting
from app.facts.units import accepted_units, canonical, unit_form
from app.knowledge.base import KnowledgeBase
from app.knowledge.entries import AnalyteInfo, UnitForm


@dataclass(frozen=True, slots=True)
class Fault:
    """One refusal: JSON Pointer into the episode, stable code, sentence for the sender."""

    pointer: str
    code: str
    message: str


def find_faults(episode: Episode, kb: KnowledgeBase) -> tuple[Fault, ...]:
    """Return every fault of an episode whose dates are resolved; an empty tuple lets it in."""
    as_of, start_on = resolved_dates(episode)
    return (
        *_site_faults(episode.site, kb),
        *_plan_day_faults(as_of, start_on, kb),
        *_birth_faults(episode.patient.birth_date, as_of),
        *_tacrolimus_faults(episode.tacrolimus),
        *_medication_faults(episode),
        *_vitals_faults(episode, as_of),
        *find_lab_faults(episode.labs or (), as_of, zone_of(episode.site), kb),
    )


def find_lab_faults(
    labs: Iterable[LabResult], as_of: date, zone: ZoneInfo, kb: KnowledgeBase, prefix: str = "/labs"
) -> tuple[Fault, ...]:
    """Return the faults of results that may be no later than `as_of`; `prefix` is the pointer of their list."""
    results = tuple(labs)
    own = (
        fault
        for index, result in enumerate(results)
        for fault in _result_faults(result, as_of, zone, kb.analytes[result.analyte], f"{prefix}/{index}")
    )
    return (*own, *_contradictions(results, kb, prefix))


def _contradictions(results: tuple[LabResult, ...], kb: KnowledgeBase, prefix: str) -> Iterator[Fault]:
    """Yield one fault for each result of a sample that is told in two ways: which one holds is not ours to choose."""
    for index in contradicting(results, kb):
        title = kb.analytes[results[index].analyte].title
        message = f"{title} is sent twice for this `collected_at` and not alike; send the result that holds"
        yield Fault(f"{prefix}/{index}", "RESULTS_CONTRADICT", message)


def _result_faults(result: LabResult, as_of: date, zone: ZoneInfo, info: AnalyteInfo, pointer: str) -> Iterator[Fault]:
    yield from _time_faults(result, as_of, zone, pointer)
    form = unit_form(info, result.unit)
    if form is None:
        accepted = ", ".join(accepted_units(info))
        yield Fault(f"{pointer}/unit", "UNIT_NOT_ACCEPTED", f"{info.title} is accepted in: {accepted}")
    else:
        yield from _value_faults(result, form, info, pointer)
        yield from _limit_faults(result, form, info, pointer)


def _time_faults(result: LabResult, as_of: date, zone: ZoneInfo, pointer: str) -> Iterator[Fault]:
    if collection_day(result.collected_at, zone) > as_of:
        message = "A result cannot be collected after `as_of`, the day of the plan in the time zone of the site"
        yield Fault(f"{pointer}/collected_at", "COLLECTED_AFTER_AS_OF", message)
    if result.last_dose_at is not None and result.last_dose_at > result.collected_at:
        message = "The last dose before the sample cannot be later than the sample"
        yield Fault(f"{pointer}/last_dose_at", "DOSE_AFTER_SAMPLE", message)


def _value_faults(result: LabResult, form: UnitForm, info: AnalyteInfo, pointer: str) -> Iterator[Fault]:
    if not info.plausible_low <= canonical(result.value, form) <= info.plausible_high:
        yield Fault(f"{pointer}/value", "VALUE_IMPLAUSIBLE", f"{info.title} is {_plausible(info)}; check the unit")


def _limit_faults(result: LabResult, form: UnitForm, info: AnalyteInfo, pointer: str) -> Iterator[Fault]:
    upper, lower = result.upper_limit_normal, result.lower_limit_normal
    if upper is not None and not info.plausible_low <= canonical(upper, form) <= info.plausible_high:
        yield Fault(f"{pointer}/upper_limit_normal", "LIMIT_IMPLAUSIBLE", f"{info.title} is {_plausible(info)}")
    # A report may print 0 as its lower limit where no value can be 0.
    if lower is not None and canonical(lower, form) > info.plausible_high:
        yield Fault(f"{pointer}/lower_limit_normal", "LIMIT_IMPLAUSIBLE", f"{info.title} is {_plausible(info)}")
    if upper is not None and lower is not None and lower > upper:
        yield Fault(f"{pointer}/lower_limit_normal", "LIMITS_REVERSED", "The lower limit is above the upper limit")


def _plausible(info: AnalyteInfo) -> str:
    return f"plausible from {info.plausible_low:f} to {info.plausible_high:f} {info.unit}"


def _site_faults(site: Site | None, kb: KnowledgeBase) -> Iterator[Fault]:
    if site is None:
        return
    if site.time_zone is not None and zone_named(site.time_zone) is None:
        yield Fault("/site/time_zone", "TIME_ZONE_UNKNOWN", "Write an IANA time zone name, for example Europe/Berlin")
    for drug in site.tablet_strengths or ():
        if drug not in kb.drugs:
            message = f"Strengths are accepted for: {', '.join(kb.drugs)}"
            yield Fault(f"/site/tablet_strengths/{_escaped(drug)}", "DRUG_UNKNOWN", message)


def _escaped(name: str) -> str:
    """Return a property name as a JSON Pointer token (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _plan_day_faults(as_of: date, start_on: date, kb: KnowledgeBase) -> Iterator[Fault]:
    latest = kb.whole("start_on_latest_days")
    if start_on < as_of:
        yield Fault("/start_on", "START_BEFORE_AS_OF", "Treatment cannot start before `as_of`, the day of the plan")
    if start_on > as_of + timedelta(days=latest):
        yield Fault("/start_on", "START_TOO_LATE", f"Treatment has to start within {latest} days of `as_of`")


def _birth_faults(birth_date: date | None, as_of: date) -> Iterator[Fault]:
    if birth_date is not None and birth_date > as_of:
        message = "The birth date cannot be after `as_of`, the day of the plan"
        yield Fault("/patient/birth_date", "BIRTH_AFTER_AS_OF", message)


def _tacrolimus_faults(course: Tacrolimus | None) -> Iterator[Fault]:
    if course is None:
        return
    yield from _order_faults(course.started_on, course.stopped_on, "/tacrolimus/stopped_on")
    taper = course.taper_started_on
    if taper is not None and course.stopped_on is not None and taper > course.stopped_on:
        message = f"The taper cannot begin after the stop on {course.stopped_on}"
        yield Fault("/tacrolimus/taper_started_on", "TAPER_AFTER_STOP", message)


def _medication_faults(episode: Episode) -> Iterator[Fault]:
    for index, item in enumerate(episode.medications or ()):
        yield from _order_faults(item.started_on, item.stopped_on, f"/medications/{index}/stopped_on")


def _vitals_faults(episode: Episode, as_of: date) -> Iterator[Fault]:
    measured_at = episode.vitals.measured_at if episode.vitals else None
    if measured_at is not None and collection_day(measured_at, zone_of(episode.site)) > as_of:
        message = "Vital signs cannot be measured after `as_of`, the day of the plan in the time zone of the site"
        yield Fault("/vitals/measured_at", "MEASURED_AFTER_AS_OF", message)


def _order_faults(started_on: date | None, stopped_on: date | None, pointer: str) -> Iterator[Fault]:
    if started_on is not None and stopped_on is not None and stopped_on < started_on:
        yield Fault(pointer, "STOPPED_BEFORE_STARTED", "The stop lies before the start")
