"""The results a hepatitis plan needs: what each one decides and what happens without it."""

from dataclasses import dataclass

from app.clinical.vocabulary import Analyte

_AZATHIOPRINE = ("prednisone_azathioprine",)
_CALCINEURIN = ("tacrolimus_restart", "switch_cyclosporine")
_TRANSAMINASES = ("severity", "monitoring", "taper")
_IGG = ("severity", "taper")


@dataclass(frozen=True, slots=True)
class Result:
    """A row of the table. `limit_for`: what reads the result as a multiple of the laboratory's own upper limit.

    `in_meld`: a MELD variant needs it, so in known cirrhosis the severity does.
    """

    analyte: Analyte
    needed_for: tuple[str, ...]
    effect: str
    limit_for: tuple[str, ...] = ()
    in_meld: bool = False


RESULTS = (
    Result(
        "alt",
        _TRANSAMINASES,
        "Severity cannot be told and a taper step cannot be released; without ALT and AST there is no plan.",
        limit_for=_TRANSAMINASES,
    ),
    Result(
        "ast",
        _TRANSAMINASES,
        "Severity cannot be told and a taper step cannot be released; without ALT and AST there is no plan.",
        limit_for=_TRANSAMINASES,
    ),
    Result(
        "bilirubin_total",
        ("severity", "scores", "transplant", *_AZATHIOPRINE),
        "Severity stays unknown, MELD and Child-Pugh cannot be computed, azathioprine has no dose.",
        limit_for=("severity",),
    ),
    Result(
        "inr",
        ("severity", "scores", "transplant"),
        "Severity stays unknown, MELD and Child-Pugh cannot be computed.",
        limit_for=("severity",),
    ),
    Result(
        "igg",
        _IGG,
        "Remission cannot be verified, so no taper step is released.",
        limit_for=_IGG,
    ),
    Result("albumin", ("scores", "transplant"), "MELD 3.0 and Child-Pugh cannot be computed.", in_meld=True),
    Result(
        "creatinine",
        ("scores", "transplant", *_CALCINEURIN),
        "Kidney function is unknown: no tacrolimus or cyclosporine dose, no MELD.",
        in_meld=True,
    ),
    Result("sodium", ("scores", "transplant"), "MELD-Na and MELD 3.0 cannot be computed.", in_meld=True),
    Result("platelets", _AZATHIOPRINE, "A low count forbids azathioprine, so it has no dose until then."),
    Result("wbc", _AZATHIOPRINE, "A low count forbids azathioprine, so it has no dose until then."),
    Result(
        "neutrophils",
        (*_AZATHIOPRINE, "add_mycophenolate"),
        "A low count forbids azathioprine and mycophenolate, so azathioprine has no dose until then.",
    ),
    Result("potassium", _CALCINEURIN, "A high potassium forbids tacrolimus: measure it before the first dose."),
    Result("magnesium", _CALCINEURIN, "A low magnesium adds to neurotoxicity: measure it before the first dose."),
)
