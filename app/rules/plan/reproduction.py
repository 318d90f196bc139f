"""Whether the patient may become pregnant, which decides about pregnancy tests and contraception."""

from app.facts.facts import Facts


def may_conceive(facts: Facts) -> bool:
    """Whether childbearing potential is recorded, or not excluded in a patient of female or unknown sex."""
    potential = facts.episode.patient.childbearing_potential
    return facts.episode.patient.sex != "male" if potential is None else potential
