"""What findings and doses of an option do on their way into it."""

from decimal import Decimal

from app.rules.options.draft import Dose, gather
from app.rules.rule import Block, Caution


def test_a_finding_is_said_once_unless_its_kind_code_or_text_differs() -> None:
    first, other_text, other_code = Block("LOW", "Too low."), Block("LOW", "Far too low."), Block("LESS", "Too low.")
    other_kind, again = Caution("LOW", "Too low."), Block("LOW", "Too low.", cites=("S02",))
    assert gather((first, other_text), (other_code, other_kind, again)) == (first, other_text, other_code, other_kind)


def test_a_withheld_dose_keeps_no_number_and_waits_for_what_withholds_it() -> None:
    dose = Dose("cyclosporine", Decimal(200), 2, low=Decimal(160), high=Decimal(320), until="a specialist has set it")
    assert dose.withheld("kidney function is known") == Dose("cyclosporine", until="kidney function is known")
