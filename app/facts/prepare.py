"""The one place where an episode becomes facts."""

from datetime import date

from app.clinical.episode import Episode
from app.clinical.progress import Course
from app.clinical.remark import Score
from app.clinical.vocabulary import Analyte, ScoreName
from app.facts import findings
from app.facts.course import with_course
from app.facts.dates import age_on, resolved_dates, zone_of
from app.facts.facts import Facts, LabFact, SeverityFact
from app.facts.labs import read_labs
from app.facts.medicine_facts import MedicineFacts
from app.facts.medicines import medicine_facts
from app.facts.score_inputs import ScoreFacts
from app.facts.scores import all_scores, meld_highest, meld_unknown
from app.facts.severity import SeverityInputs, hepatitis_severity, other_severity
from app.facts.vitals import stale_vitals
from app.facts.withdrawal import audit_withdrawal
from app.knowledge.base import KnowledgeBase


def prepare_facts(episode: Episode, kb: KnowledgeBase, course: Course | None = None) -> Facts:
    """Return the facts of an episode whose dates are resolved and in which `find_faults` found nothing.

    Once treatment is under way its `course` adds what the assessments found.
    """
    sent, episode = episode, episode if course is None else with_course(episode, course)
    as_of, start_on = resolved_dates(episode)
    labs = read_labs(episode.labs or (), as_of, zone_of(episode.site), kb)
    medicines = medicine_facts(episode, start_on, kb)
    scores = all_scores(_score_facts(episode, labs.facts, medicines, as_of), kb)
    return Facts(
        sent=sent,
        episode=episode,
        as_of=as_of,
        start_on=start_on,
        age=age_on(episode.patient, as_of),
        labs=labs.facts,
        series=labs.series,
        scores=scores,
        meld_highest=meld_highest(scores),
        severity=_severity(episode, labs.facts, scores, kb),
        refractory=findings.refractory(episode, medicines),
        encephalopathy=findings.encephalopathy(episode),
        ascites=findings.ascites(episode),
        variceal_bleed=findings.variceal_bleed(episode),
        fever=findings.fever(episode, kb),
        may_be_pregnant=findings.may_be_pregnant(episode),
        medicines=medicines,
        withdrawal=audit_withdrawal(episode),
        course=course,
        stale_vitals=stale_vitals(episode, kb),
    )


def _score_facts(episode: Episode, labs: dict[Analyte, LabFact], medicines: MedicineFacts, as_of: date) -> ScoreFacts:
    patient, condition = episode.patient, episode.condition
    return ScoreFacts(
        labs=labs,
        age=age_on(patient, as_of),
        sex=None if patient.sex == "unknown" else patient.sex,
        dialysis=patient.dialysis,
        ascites=findings.ascites_degree(episode),
        encephalopathy_grade=findings.encephalopathy_grade(episode),
        anticoagulant=medicines.takes("anticoagulant_vka", "anticoagulant_direct"),
        in_flare=condition.code == "autoimmune_hepatitis" and condition.context != "in_remission",
    )


def _severity(
    episode: Episode, labs: dict[Analyte, LabFact], scores: dict[ScoreName, Score], kb: KnowledgeBase
) -> SeverityFact:
    recorded = episode.flare.severity if episode.flare else None
    if episode.condition.code != "autoimmune_hepatitis":
        return other_severity(recorded)
    inputs = SeverityInputs(
        labs=labs,
        meld_highest=meld_highest(scores),
        meld_unknown=meld_unknown(scores),
        cirrhosis=episode.condition.cirrhosis,
        encephalopathy=findings.encephalopathy(episode),
        ascites=findings.ascites(episode),
        variceal_bleed=findings.variceal_bleed(episode),
        recorded=recorded,
    )
    return hepatitis_severity(inputs, kb)
