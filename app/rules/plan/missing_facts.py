"""The facts beside laboratory results that a plan needs: what waits for each one and how to send it."""

from app.rules.plan.missing_fact import Fact, field, in_remission_without_start, organ_threat_unknown
from app.rules.plan.missing_patient import PATIENT

_AZATHIOPRINE = ("prednisone_azathioprine",)
_TACROLIMUS = ("tacrolimus_restart",)
_MYCOPHENOLATE = ("add_mycophenolate",)
_CYCLOSPORINE = ("switch_cyclosporine",)
_WITH_DOSE = (*_AZATHIOPRINE, *_TACROLIMUS, *_MYCOPHENOLATE, *_CYCLOSPORINE)
_STEROIDS = ("prednisone_azathioprine", "prednisone_monotherapy")
_YES_NO = "true or false"
_TEST = "positive or negative"

FACTS = (
    *PATIENT,
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
        (*_TACROLIMUS, *_CYCLOSPORINE),
        "Some reasons forbid a restart or open the way to cyclosporine; until then both are conditional.",
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
        ("withdrawal", "duration", *_TACROLIMUS, *_CYCLOSPORINE),
        "The withdrawal and its interval to the flare cannot be audited, nor the wash-out before cyclosporine.",
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
        (*_TACROLIMUS, *_CYCLOSPORINE, *_STEROIDS),
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
