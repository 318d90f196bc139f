"""What the service knows of a condition that it does not dose."""

from app.clinical.course import ConditionPolicy
from app.facts.facts import Facts
from app.knowledge.base import KnowledgeBase
from app.knowledge.registry import asks


@asks("condition_policy", cites=("S20", "S21", "C21", "P-conditions"))
def condition_policy(facts: Facts, kb: KnowledgeBase) -> ConditionPolicy | None:
    """What is known of a condition for which no dose is computed?"""
    row = kb.conditions[facts.episode.condition.code]
    if row.dosing:
        return None
    return ConditionPolicy(
        code=row.key,
        title=row.title,
        snomed_ct=row.snomed_ct,
        icd_10_cm=row.icd_10_cm,
        specialist_text=row.specialist_text,
        red_flags=row.red_flags,
        tiers=row.tiers,
        remission=row.remission,
        tacrolimus_target=row.tacrolimus_target,
        citations=row.cites,
    )
