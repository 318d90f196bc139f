"""The facts beside laboratory results that a plan needs: what waits for each one and how to send it."""

from app.rules.plan.missing_fact import (
    Fact,
    field,
    in_remission_without_start,
    needed_if_may_conceive,
    organ_threat_unknown,
    pregnancy_unknown,
)

_AZATHIOPRINE = ("prednisone_azathioprine",)
_TACROLIMUS = ("tacrolimus_restart",)
_MYCOPHENOLATE = ("add_mycophenolate",)
_WITH_DOSE = (*_AZATHIOPRINE, *_TACROLIMUS, *_MYCOPHENOLATE, "switch_cyclosporine")
_STEROIDS = ("prednisone_azathioprine", "prednisone_monotherapy")
_YES_NO = "true or false"
_TEST = "positive or negative"

FACTS = (
    field(
        "patient.weight_kg",
        _WITH_DOSE,
        "Doses by body weight are withheld: azathioprine, tacrolimus and cyclosporine have none.",
        "body weight in kg",
    ),
    field("patient.sex", ("scores",), "Scores are computed for both and the worse is used.", "female or male"),
    Fact(
        "patient.pregnancy",
        pregnancy_unknown,
        ("scope", *_MYCOPHENOLATE),
        "Pregnancy puts the patient out of scope for dosing and cannot be excluded.",
        "Send patient.pregnancy (pregnant or not_pregnant) or patient.childbearing_potential (true or false).",
        everywhere=True,
    ),
    Fact(
        "patient.contraception",
        needed_if_may_conceive("patient.contraception"),
        _MYCOPHENOLATE,
        "Mycophenolate is not given without effective contraception.",
        "Send patient.contraception: true or false.",
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
    field(
        "allergies",
        _WITH_DOSE,
        "Allergies cannot be excluded: azathioprine, mycophenolate, tacrolimus and cyclosporine have no dose.",
        "recorded reactions to drugs; [] says none",
        everywhere=True,
    ),
    field(
        "prior_treatments",
        _WITH_DOSE,
        "Failure of standard therapy and earlier intolerance cannot be told.",
        "one item per drug with response and tolerance; [] says none",
    ),
    field(
        "comorbidities",
        (*_STEROIDS, *_WITH_DOSE[1:]),
        "Malignancy and harm by steroids are not screened for.",
        "the list of conditions; [] says none",
    ),
    field(
        "condition.context",
        ("options", "duration", *_TACROLIMUS, *_MYCOPHENOLATE),
        "A relapse after withdrawal and a failure on therapy are treated differently; which one this is, is unknown.",
        "relapse_after_withdrawal, failure_on_therapy, acute_severe, loss_of_remission or in_remission",
        everywhere=True,
    ),
    field(
        "condition.graft",
        ("scope",),
        "An organ graft puts the patient out of scope for dosing and cannot be excluded.",
        "none, liver, kidney or other",
        everywhere=True,
    ),
    Fact(
        "condition.organ_threatening",
        organ_threat_unknown,
        ("referral",),
        "The faster referral is shown.",
        "Send condition.organ_threatening: true or false.",
        everywhere=True,
    ),
    field("condition.relapse_count", ("duration",), "Repeated relapses call for treatment without end.", "a number"),
    Fact(
        "condition.remission_started_on",
        in_remission_without_start,
        ("duration",),
        "The day from which a reduction may be discussed cannot be computed.",
        "Send condition.remission_started_on: the first day of normal tests.",
    ),
    field(
        "condition.cirrhosis",
        ("severity", "transplant"),
        "Advanced disease cannot be excluded.",
        "none, compensated or decompensated",
    ),
    Fact(
        "condition.ascites",
        lambda facts: facts.ascites is None,
        ("severity", "scores", "transplant"),
        "Ascites is a transplant trigger and cannot be excluded; Child-Pugh cannot be computed.",
        "Send condition.ascites (none, mild or moderate_severe) or flare.findings.",
    ),
    Fact(
        "condition.encephalopathy_grade",
        lambda facts: facts.encephalopathy is None,
        ("red_flags", "severity", "scores", "transplant"),
        "Encephalopathy is an emergency and cannot be excluded; Child-Pugh cannot be computed.",
        "Send condition.encephalopathy_grade (0-4) or flare.findings.",
    ),
    Fact(
        "condition.variceal_bleed",
        lambda facts: facts.variceal_bleed is None,
        ("severity", "transplant"),
        "Variceal bleeding is a transplant trigger and cannot be excluded.",
        "Send condition.variceal_bleed (true or false) or flare.findings.",
    ),
    field("condition.hepatocellular_carcinoma", ("transplant",), "A transplant trigger cannot be excluded.", _YES_NO),
    field(
        "condition.complete_response_ever",
        ("transplant",),
        "Years of treatment without a complete response, a transplant trigger, cannot be told.",
        _YES_NO,
    ),
    field(
        "condition.treatment_started_on",
        ("transplant",),
        "Years of treatment without a complete response, a transplant trigger, cannot be told.",
        "the first day of treatment",
    ),
    field(
        "flare.findings",
        ("red_flags", "infection", "transplant"),
        "Red flags and fever cannot be excluded.",
        "what was found; [] says that everything was looked for and is absent",
        everywhere=True,
    ),
    field(
        "tacrolimus.route",
        ("scope", *_TACROLIMUS),
        "A topical product would be out of scope.",
        "oral, intravenous or topical",
        everywhere=True,
    ),
    field(
        "tacrolimus.response",
        _TACROLIMUS,
        "Whether tacrolimus worked decides whether it may come back; until then it is conditional.",
        "complete, partial or none",
    ),
    field(
        "tacrolimus.stop_reason",
        _TACROLIMUS,
        "Some reasons forbid a restart; until then it is conditional.",
        "the coded reason",
    ),
    field(
        "tacrolimus.indication_still_valid",
        _TACROLIMUS,
        "Without the original indication there is no reason to restart.",
        _YES_NO,
    ),
    field(
        "tacrolimus.stopped_on",
        ("withdrawal", "duration", *_TACROLIMUS),
        "The withdrawal and its interval to the flare cannot be audited.",
        "the last day of tacrolimus",
    ),
    field(
        "pharmacogenetics.tpmt",
        _AZATHIOPRINE,
        "Unless a thiopurine was taken before, azathioprine has no dose; the steroid need not wait.",
        "normal, intermediate or poor",
    ),
    field(
        "pharmacogenetics.nudt15",
        _AZATHIOPRINE,
        "A normal TPMT alone does not exclude severe leukopenia: blood count every week.",
        "normal, intermediate or poor",
    ),
    field(
        "vitals.qtc_ms",
        _TACROLIMUS,
        "A long QTc forbids tacrolimus: record an ECG before the first dose.",
        "the corrected QT interval in ms",
    ),
    field(
        "vitals.systolic_bp",
        (*_TACROLIMUS, *_STEROIDS),
        "Both drug groups raise blood pressure: measure it before the first dose.",
        "systolic pressure in mm[Hg], with vitals.diastolic_bp",
    ),
    field(
        "screening.infection_suspected",
        ("infection", "options"),
        "The option that would be recommended stays conditional until infection is excluded.",
        _YES_NO,
        everywhere=True,
    ),
    field("screening.hbsag", ("tasks", "options"), "Hepatitis B can reactivate and look like a relapse.", _TEST),
    field("screening.anti_hbc", ("tasks", "options"), "Hepatitis B can reactivate and look like a relapse.", _TEST),
    field("screening.anti_hcv", ("tasks",), "Hepatitis C is not excluded.", _TEST),
    field("screening.hiv", ("tasks",), "HIV is not excluded.", _TEST),
    field("screening.tuberculosis", ("tasks",), "Latent tuberculosis is not excluded.", _TEST),
    field("screening.strongyloides_exposure", ("tasks",), "Steroids can make strongyloidiasis fatal.", _TEST),
    field("screening.varicella_immune", ("tasks",), "Varicella needs prophylaxis after contact if not immune.", _TEST),
)
