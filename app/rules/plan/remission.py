"""Whether the tests of today bear out what the sender recorded, a remission or a flare."""

from collections.abc import Iterator

from app.clinical.vocabulary import Analyte
from app.facts.facts import Facts
from app.rules.plan.screening import infection_sign
from app.rules.plan.wording import listed
from app.rules.rule import Notice, rule

_TESTS: tuple[Analyte, ...] = ("alt", "ast", "igg")
_JUDGED = {True: "is above its upper limit", None: "cannot be read against its upper limit today"}


def remission_confirmed(facts: Facts) -> bool:
    """Whether ALT, AST and IgG are known today and within their limits, and nothing points to an infection."""
    return not tuple(_doubts(facts))


def _doubts(facts: Facts) -> Iterator[str]:
    """Yield what keeps a recorded remission from being taken at its word."""
    for name in _TESTS:
        above = facts.labs[name].above_uln
        if above is not False:
            yield f"{name} {_JUDGED[above]}"
    sign = infection_sign(facts)
    if sign is not None:
        yield sign


@rule("remission_not_confirmed", cites=("S35", "P-gates", "P-duration"))
def remission_not_confirmed(facts: Facts) -> Iterator[Notice]:
    """Is a remission recorded that the results of today do not show?"""
    doubts = tuple(_doubts(facts))
    if facts.hepatitis and facts.episode.condition.context == "in_remission" and doubts:
        yield Notice(
            "REMISSION_NOT_CONFIRMED",
            f"Recorded as in remission, but not confirmed: {listed(doubts)}. A flare is not excluded: repeat the "
            "tests; no reduction and no withdrawal until they are normal.",
        )


@rule("flare_not_confirmed", cites=("P-severity", "P-principles"))
def flare_not_confirmed(facts: Facts) -> Iterator[Notice]:
    """Is every test normal although treatment of a flare is asked for and none is followed yet?"""
    asked_for = facts.episode.condition.context != "in_remission" and facts.following is None
    if asked_for and facts.severity.tier == "T0":
        yield Notice(
            "FLARE_NOT_CONFIRMED",
            "ALT, AST, IgG, bilirubin and INR are all within their limits: the results of today show no flare, and "
            "starting treatment is at odds with them. Check their days and the context, and repeat them before "
            "anything is started.",
        )
