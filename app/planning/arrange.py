"""From drafts to the options of the contract: standing, rank, and which doses may be shown."""

from app.clinical.option import DoseRange, MedicationPlan, Option
from app.clinical.remark import Remark
from app.clinical.vocabulary import Standing
from app.facts.facts import Facts
from app.planning.dispensing import Dispensing
from app.planning.drafts import Drafts
from app.rules.options.draft import Dose, Draft, per_kg
from app.rules.rule import Block, Caution, Condition, DoseCaution, Finding, NotIndicated, Reason

_ORDER: tuple[Standing, ...] = ("recommended", "alternative", "conditional", "blocked", "not_indicated")


def standing(draft: Draft, *, recommended: bool) -> Standing:
    """Return where an option stands; where several hold: blocked, not indicated, conditional, then the others."""
    if draft.blocked:
        return "blocked"
    if draft.not_indicated:
        return "not_indicated"
    if draft.conditions:
        return "conditional"
    return "recommended" if recommended else "alternative"


def arrange_options(drafts: Drafts, facts: Facts, dispensing: Dispensing) -> tuple[Option, ...]:
    """Return the options, best standing first; ranks are given to what may be chosen."""
    stands = {draft.id: standing(draft, recommended=draft.id == drafts.recommended) for draft in drafts.items}
    ordered = sorted(drafts.items, key=lambda draft: _ORDER.index(stands[draft.id]))
    alternatives = [draft.id for draft in ordered if stands[draft.id] == "alternative"]
    ranks = {option_id: place for place, option_id in enumerate(alternatives, start=2)}
    if drafts.recommended is not None:
        ranks[drafts.recommended] = 1
    return tuple(_option(draft, stands[draft.id], ranks.get(draft.id), drafts, facts, dispensing) for draft in ordered)


def _option(
    draft: Draft, stands: Standing, rank: int | None, drafts: Drafts, facts: Facts, dispensing: Dispensing
) -> Option:
    doses = _shown(draft, stands)
    complete = all(dose.mg_per_day is not None for dose in doses)
    return Option(
        id=draft.id,
        standing=stands,
        rank=rank,
        title=draft.title,
        specialist_dose=draft.specialist_dose,
        medications=tuple(_medication(dose, facts, dispensing) for dose in doses),
        reasons=_remarks(draft.findings, Reason, NotIndicated),
        blocks=_remarks(draft.findings, Block),
        cautions=_remarks(_about_shown(draft.findings, doses), Caution),
        conditions=_remarks(draft.findings, Condition),
        taper=drafts.tapers.get(draft.id) if complete else None,
        citations=draft.cites,
    )


def _shown(draft: Draft, stands: Standing) -> tuple[Dose, ...]:
    """Return the doses that may be seen: none of a blocked or not indicated option, none that a condition withholds."""
    if stands in ("blocked", "not_indicated"):
        return tuple(Dose(dose.drug) for dose in draft.doses)
    waits = {drug: item.until for item in reversed(draft.conditions) for drug in item.withholds}
    return tuple(dose.withheld(waits[dose.drug]) if dose.drug in waits else dose for dose in draft.doses)


def _about_shown(findings: tuple[Finding, ...], doses: tuple[Dose, ...]) -> tuple[Finding, ...]:
    """Return the findings without those that speak of a number nobody may see."""
    numbered = {dose.drug for dose in doses if dose.mg_per_day is not None}
    return tuple(item for item in findings if not isinstance(item, DoseCaution) or item.drug in numbered)


def _remarks(findings: tuple[Finding, ...], *kinds: type[Finding]) -> tuple[Remark, ...]:
    return tuple(finding.remark() for finding in findings if isinstance(finding, kinds))


def _medication(dose: Dose, facts: Facts, dispensing: Dispensing) -> MedicationPlan:
    info, amount = dispensing.kb.drugs[dose.drug], dose.mg_per_day
    return MedicationPlan(
        drug=dose.drug,
        rxnorm=info.rxnorm,
        dose_mg_per_day=amount,
        dose_range_mg_per_day=_range(dose),
        dose_mg_per_intake=None if amount is None or dose.intakes is None else amount / dose.intakes,
        intakes_per_day=dose.intakes,
        mg_per_kg=per_kg(amount, facts.weight),
        starts_on=None if amount is None else dose.starts_on or facts.start_on,
        deferred_until=dose.until if amount is None else None,
        formulation=info.formulation,
        tablets=dispensing.tablets(dose),
        calculation=dose.calculation,
    )


def _range(dose: Dose) -> DoseRange | None:
    return None if dose.low is None or dose.high is None else DoseRange(low=dose.low, high=dose.high)
