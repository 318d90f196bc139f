"""Third line: names for the specialist. No dose is ever produced."""

from collections.abc import Iterator

from app.facts.facts import Facts
from app.rules.options.draft import Dose, Draft, gather
from app.rules.options.steroid import in_remission
from app.rules.rule import Condition, Finding, NotIndicated, rule

DRUGS = ("methotrexate", "cyclophosphamide", "sirolimus")
_SECOND_LINE = "mycophenolate"
_UNTIL = "a specialist decides; this service produces no dose"


def mycophenolate_failed(facts: Facts) -> bool | None:
    """Whether mycophenolate was insufficient; None where its response, or the drug that failed, is not known."""
    drugs = facts.medicines
    if _SECOND_LINE in drugs.known_insufficient:
        return True
    untold = drugs.insufficient is None or drugs.response_unknown is None or _SECOND_LINE in drugs.response_unknown
    return None if untold else False


@rule("third_line_indication", cites=("S42", "P-second-line"))
def indication(facts: Facts) -> Iterator[Finding]:
    """Was mycophenolate insufficient, so that the third line comes into view?"""
    match mycophenolate_failed(facts):
        case True:
            yield Condition("SPECIALIST", "Mycophenolate was insufficient: a specialist decides.")
        case False:
            yield NotIndicated("MYCOPHENOLATE_NOT_FAILED", "Third line: mycophenolate is not recorded as insufficient.")
        case _:
            yield NotIndicated("PRIOR_TREATMENTS_UNKNOWN", "Third line: no failure of mycophenolate is recorded.")


def consult(facts: Facts) -> Draft:
    """Return the third-line option."""
    findings = gather(indication(facts), in_remission(facts))
    doses = tuple(Dose(drug, until=_UNTIL) for drug in DRUGS)
    title = "Third line with a specialist: methotrexate, cyclophosphamide or sirolimus"
    return Draft("third_line", title, ("S42",), findings, doses, specialist_dose=True)
