"""What may differ from one generated patient to the next: for every place in an episode the values worth trying.

Values stand on a limit of the specification, one step to each side of it, and far from any; `ABSENT` leaves one out.
"""

from typing import Any

from hypothesis import strategies as st

from app.clinical import vocabulary
from tests.properties.labs import LIMITS, results
from tests.properties.medicines import allergies, medications, prior_treatments
from tests.properties.words import ABSENT, around, day, words

_YES_NO = st.sampled_from([True, False, ABSENT])
_WEIGHTS = st.sampled_from([25, 25.1, 350, ABSENT]) | around(37.5, 47, 50, 58, 62.5, 74, 75, 80, 96, 150)
_STRENGTHS = st.lists(st.sampled_from([0.4, 0.5, 0.75, 1, 2.5, 3, 5, 10, 20, 25, 30, 50, 75, 100]), max_size=4)

PLACES: dict[str, st.SearchStrategy[Any]] = {
    "patient.age": st.sampled_from([{"age_years": years} for years in (17, 18, 40, 64, 65, 74, 75, 90)])
    | st.sampled_from(["2008-03-10", "2008-03-11", "1972-02-29"]).map(lambda born: {"birth_date": born}),
    "patient.sex": st.sampled_from(["female", "male", "unknown"]),
    "patient.weight_kg": _WEIGHTS,
    "patient.height_cm": around(150, 190),
    "patient.pregnancy": words(vocabulary.Pregnancy),
    "patient.childbearing_potential": _YES_NO,
    "patient.contraception": _YES_NO,
    "patient.breastfeeding": _YES_NO,
    "patient.dialysis": _YES_NO,
    "condition.code": words(vocabulary.ConditionCode).filter(lambda code: code is not ABSENT),
    "condition.context": words(vocabulary.Context),
    "condition.organ_threatening": _YES_NO,
    "condition.relapse_count": st.sampled_from([0, 1, 2, 5, ABSENT]),
    "condition.treatment_started_on": day("2020-01-01", "2022-03-10", "2022-03-11", "2025-12-01"),
    "condition.remission_started_on": day("2023-01-01", "2024-03-10", "2024-03-11", "2026-02-01"),
    "condition.complete_response_ever": _YES_NO,
    "condition.cirrhosis": words(vocabulary.Cirrhosis),
    "condition.ascites": words(vocabulary.Ascites),
    "condition.encephalopathy_grade": st.sampled_from([0, 1, ABSENT]),
    "condition.variceal_bleed": _YES_NO,
    "condition.hepatocellular_carcinoma": _YES_NO,
    "condition.graft": words(vocabulary.Graft),
    "tacrolimus": st.just(ABSENT),
    "tacrolimus.started_on": day("2020-05-01"),
    "tacrolimus.taper_started_on": day("2025-10-01", "2025-10-15"),
    "tacrolimus.stopped_on": day("2025-11-10", "2026-03-08", "2026-03-09", "2026-03-10", "2026-03-11"),
    "tacrolimus.stop_manner": words(vocabulary.StopManner),
    "tacrolimus.route": words(vocabulary.Route),
    "tacrolimus.last_dose_mg_per_day": around(2),
    "tacrolimus.stop_reason": words(vocabulary.StopReason),
    "tacrolimus.response": words(vocabulary.TacrolimusResponse),
    "tacrolimus.indication_still_valid": _YES_NO,
    "flare": st.just(ABSENT),
    "flare.onset_on": day("2026-01-05"),
    "flare.severity": words(vocabulary.FlareSeverity),
    "flare.findings": st.lists(words(vocabulary.ClinicalFinding).filter(bool), max_size=2, unique=True),
    "vitals": st.just(ABSENT),
    "vitals.temperature_c": around(36.6, 38.0),
    "vitals.systolic_bp": around(120, 160),
    "vitals.diastolic_bp": around(75, 100),
    "vitals.qtc_ms": around(410, 450, 500),
    "medications": medications(),
    "prior_treatments": prior_treatments(),
    "allergies": allergies(),
    "comorbidities": st.lists(words(vocabulary.Comorbidity).filter(bool), max_size=3, unique=True) | st.just(ABSENT),
    "pharmacogenetics": st.just(ABSENT),
    "pharmacogenetics.tpmt": words(vocabulary.Metaboliser),
    "pharmacogenetics.nudt15": words(vocabulary.Metaboliser),
    "pharmacogenetics.cyp3a5": words(vocabulary.Cyp3a5),
    "screening": st.just(ABSENT),
    "screening.infection_suspected": _YES_NO,
    "screening.hbsag": words(vocabulary.TestResult),
    "screening.anti_hbc": words(vocabulary.TestResult),
    "screening.tuberculosis": words(vocabulary.TestResult),
    "screening.strongyloides_exposure": words(vocabulary.TestResult),
    "screening.varicella_immune": words(vocabulary.TestResult),
    "screening.pregnancy_tests_negative": st.sampled_from([0, 1, 2, ABSENT]),
    "differential": st.just(ABSENT),
    "differential.adherence_confirmed": _YES_NO,
    "differential.viral_hepatitis_excluded": _YES_NO,
    "site.tablet_strengths": st.dictionaries(
        st.sampled_from(["prednisone", "azathioprine", "tacrolimus", "mycophenolate"]), _STRENGTHS, max_size=3
    ),
    "site.half_tablets": _YES_NO,
    "site.time_zone": st.sampled_from(["Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati"]),
    "site.specialist_override": st.sampled_from([["CYCLOSPORINE_ABOVE_CAP"], []]),
    "site.step_style": words(vocabulary.StepStyle),
    "start_on": day("2026-03-11", "2026-03-12", "2026-03-20"),
    "labs": st.just(ABSENT),
    **{f"labs.{analyte}": results(analyte) for analyte in LIMITS},
}
