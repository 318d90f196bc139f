"""Clinical findings in three values: present, absent, or cannot be told."""

from app.clinical.episode import Episode
from app.clinical.vocabulary import ClinicalFinding
from app.facts.child_pugh import AscitesDegree
from app.facts.medicine_facts import MedicineFacts
from app.facts.vitals import stale_vitals
from app.knowledge.base import KnowledgeBase

# Prednisone and prednisolone are one treatment (C26).
_STEROIDS = frozenset({"prednisone", "prednisolone"})
NEUROLOGICAL: tuple[ClinicalFinding, ...] = ("confusion", "seizure")


def encephalopathy(episode: Episode) -> bool | None:
    """Return whether a grade of 1 or more or the finding is recorded.

    Confusion or a seizure may be it: until a grade is recorded, findings that do not name it exclude nothing.
    """
    grade, found = episode.condition.encephalopathy_grade, _finding(episode, "encephalopathy")
    if grade is None and neurological_signs(episode):
        return found or None
    return any_of(None if grade is None else grade > 0, found)


def neurological_signs(episode: Episode) -> tuple[ClinicalFinding, ...]:
    """Return the recorded findings that may be encephalopathy, a drug's harm to the brain or another emergency."""
    return tuple(code for code in NEUROLOGICAL if _finding(episode, code))


def encephalopathy_grade(episode: Episode) -> int | None:
    """Return the grade, 0 when there is none; None when unknown, also when the finding contradicts a grade of 0."""
    return episode.condition.encephalopathy_grade or (0 if encephalopathy(episode) is False else None)


def ascites(episode: Episode) -> bool | None:
    """Return whether ascites of any degree is recorded.

    A degree recorded as unknown is not answered by findings that do not name ascites; the finding itself answers it.
    """
    degree, found = episode.condition.ascites, _finding(episode, "ascites")
    if degree == "unknown":
        return found or None
    return any_of(None if degree is None else degree != "none", found)


def ascites_degree(episode: Episode) -> AscitesDegree | None:
    """Return the degree of ascites; None when unknown, also when the finding contradicts `none`."""
    match episode.condition.ascites:
        case "mild" | "moderate_severe" as degree:
            return degree
        case _:
            return "none" if ascites(episode) is False else None


def variceal_bleed(episode: Episode) -> bool | None:
    """Return whether a variceal bleed is recorded."""
    return any_of(episode.condition.variceal_bleed, _finding(episode, "variceal_bleed"))


def fever(episode: Episode, kb: KnowledgeBase) -> bool | None:
    """Return whether fever is recorded or the temperature is in the range of fever.

    An old temperature excludes no fever.
    """
    return any_of(_measured_fever(episode, kb), _finding(episode, "fever"))


def _measured_fever(episode: Episode, kb: KnowledgeBase) -> bool | None:
    temperature = episode.vitals.temperature_c if episode.vitals else None
    if temperature is None:
        return None
    if temperature >= kb.number("fever_from_celsius"):
        return True
    return None if "temperature_c" in stale_vitals(episode, kb) else False


def may_be_pregnant(episode: Episode) -> bool | None:
    """Return True for a pregnancy, False when it is excluded, None when it cannot be told.

    A recorded pregnancy wins over everything; a male without recorded childbearing potential counts as excluded.
    """
    patient = episode.patient
    if patient.pregnancy == "pregnant":
        return True
    male = patient.sex == "male" and patient.childbearing_potential is not True
    excluded = male or patient.childbearing_potential is False or patient.pregnancy == "not_pregnant"
    return False if excluded else None


def refractory(episode: Episode, medicines: MedicineFacts) -> bool | None:
    """Return whether standard therapy failed: by the context, or by steroid and azathioprine both insufficient.

    False only where both are known to say no. Without a context a failure on therapy is not excluded, nor by prior
    treatments that were not sent, that nobody can name or whose response is not recorded.
    """
    context, failed = episode.condition.context, medicines.known_insufficient
    if context == "failure_on_therapy" or _standard_therapy(failed):
        return True
    if context in (None, "unknown") or medicines.insufficient is None or medicines.response_unknown is None:
        return None
    return None if _standard_therapy(failed | medicines.response_unknown) else False


def _standard_therapy(drugs: frozenset[str]) -> bool:
    return bool(drugs & _STEROIDS) and "azathioprine" in drugs


def any_of(*answers: bool | None) -> bool | None:
    """Return True if one answer is, None if none was given, otherwise False."""
    if True in answers:
        return True
    return False if False in answers else None


def _finding(episode: Episode, code: ClinicalFinding) -> bool | None:
    findings = episode.flare.findings if episode.flare else None
    return None if findings is None else code in findings
