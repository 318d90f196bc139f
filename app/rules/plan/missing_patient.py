"""The facts of the person and of the medicines taken so far that a plan needs."""

from app.rules.plan.missing_fact import (
    Fact,
    field,
    needed_if_may_conceive,
    pregnancy_unknown,
    response_unknown,
    steroid_dose_unknown,
    tolerance_unknown,
)

_AZATHIOPRINE = ("prednisone_azathioprine",)
_TACROLIMUS = ("tacrolimus_restart",)
_MYCOPHENOLATE = ("add_mycophenolate",)
_CYCLOSPORINE = ("switch_cyclosporine",)
_WITH_DOSE = (*_AZATHIOPRINE, *_TACROLIMUS, *_MYCOPHENOLATE, *_CYCLOSPORINE)
_YES_NO = "true or false"

PATIENT = (
    field(
        "patient.weight_kg",
        (*_AZATHIOPRINE, *_TACROLIMUS, *_CYCLOSPORINE),
        "Doses by body weight are withheld: azathioprine, tacrolimus and cyclosporine have none.",
        "body weight in kg",
    ),
    field("patient.sex", ("scores",), "Scores are computed for both and the worse is used.", "female or male"),
    field(
        "patient.dialysis",
        ("scores", "transplant", *_TACROLIMUS, *_CYCLOSPORINE),
        "Creatinine is read as measured: on dialysis it shows no kidney function, and MELD takes its highest value.",
        _YES_NO,
    ),
    Fact(
        "patient.pregnancy",
        pregnancy_unknown,
        ("scope", *_MYCOPHENOLATE),
        "Pregnancy puts the patient out of scope for dosing and cannot be excluded.",
        "Send patient.pregnancy (pregnant or not_pregnant) or patient.childbearing_potential (true or false).",
        everywhere=True,
    ),
    Fact(
        "patient.childbearing_potential",
        needed_if_may_conceive("patient.childbearing_potential"),
        _MYCOPHENOLATE,
        "It is not excluded, so the pregnancy gates of mycophenolate have to be met.",
        "Send patient.childbearing_potential: true or false.",
    ),
    Fact(
        "patient.contraception",
        needed_if_may_conceive("patient.contraception"),
        _MYCOPHENOLATE,
        "Mycophenolate is not given without effective contraception.",
        "Send patient.contraception: true or false.",
    ),
    Fact(
        "patient.breastfeeding",
        needed_if_may_conceive("patient.breastfeeding"),
        _MYCOPHENOLATE,
        "Mycophenolate is to be avoided in breastfeeding, also for 6 weeks after it.",
        "Send patient.breastfeeding: true or false.",
    ),
    Fact(
        "screening.pregnancy_tests_negative",
        needed_if_may_conceive("screening.pregnancy_tests_negative"),
        _MYCOPHENOLATE,
        "Mycophenolate is not given before its pregnancy tests are negative.",
        "Send screening.pregnancy_tests_negative: 0, 1 or 2.",
    ),
    field(
        "medications",
        _WITH_DOSE,
        "Interactions cannot be excluded: azathioprine, mycophenolate, tacrolimus and cyclosporine have no dose.",
        "the running medications; [] says none",
        everywhere=True,
    ),
    Fact(
        "medications[].dose_mg_per_day",
        steroid_dose_unknown,
        ("prednisone_azathioprine", "prednisone_monotherapy", *_TACROLIMUS),
        "A start may be a reduction of the steroid that is running: prednisone has no dose.",
        "Send dose_mg_per_day with prednisone and prednisolone.",
    ),
    field(
        "allergies",
        _WITH_DOSE,
        "Allergies cannot be excluded: azathioprine, mycophenolate, tacrolimus and cyclosporine have no dose.",
        "recorded reactions to drugs; [] says none",
        everywhere=True,
    ),
    field(
        "prior_treatments",
        (*_WITH_DOSE, "third_line"),
        "Failure of standard therapy and earlier intolerance cannot be told.",
        "one item per drug with response and tolerance; [] says none",
    ),
    Fact(
        "prior_treatments[].tolerated",
        tolerance_unknown,
        (*_AZATHIOPRINE, *_MYCOPHENOLATE, *_CYCLOSPORINE),
        "A drug that was not tolerated before is not given again; until this is known it has no dose.",
        "Send tolerated (true or false) with azathioprine, mycophenolate and cyclosporine.",
    ),
    Fact(
        "prior_treatments[].response",
        response_unknown,
        ("options", *_TACROLIMUS),
        "Failure of standard therapy and of the second line cannot be told.",
        "Send response (sufficient or insufficient) with each prior treatment.",
    ),
)
