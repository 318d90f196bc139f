"""Third line: names for the specialist. No dose is ever produced."""

from collections.abc import Iterator

from app.facts.facts import Facts
from app.rules.options.draft import Dose, Draft, gather
from app.rules.options.steroid import in_remission
from app.rules.rule import Condition, Finding, NotIndicated, rule

DRUGS = ("methotrexate", "cyclophosphamide", "sirolimus")
_UNTIL = "a specialist decides; this service produces no dose"


@rule("third_line_indication", cites=("S42", "P-second-line"))
def indication(facts: Facts) -> Iterator[Finding]:
    """Was mycophenolate insufficient, so that the third line comes into view?"""
    insufficient = facts.medicines.insufficient
    if insufficient is not None and "mycophenolate" not in insufficient:
        yield NotIndicated("MYCOPHENOLATE_NOT_FAILED", "Third line: mycophenolate is not recorded as insufficient.")
    elif insufficient is None:
        yield NotIndicated("PRIOR_TREATMENTS_UNKNOWN", "Third line: no failure of mycophenolate is recorded.")
    else:
        yield Condition("SPECIALIST", "Mycophenolate was insufficient: a specialist decides.", specialist=True)


def consult(facts: Facts) -> Draft:
    """Return the third-line option."""
    findings = gather(indication(facts), in_remission(facts))
    doses = tuple(Dose(drug, until=_UNTIL) for drug in DRUGS)
    title = "Third line with a specialist: methotrexate, cyclophosphamide or sirolimus"
    return Draft("third_line", title, ("S42",), findings, doses, specialist_dose=True)
