"""The closed word lists of the contract. Enumerations may grow; a word never changes its meaning.

The knowledge loader refuses tables that do not cover exactly these words.
"""

from typing import Literal

Sex = Literal["female", "male", "unknown"]
Pregnancy = Literal["pregnant", "not_pregnant", "unknown"]
ConditionCode = Literal[
    "autoimmune_hepatitis",
    "lupus_nephritis",
    "systemic_lupus_erythematosus",
    "anca_vasculitis",
    "membranous_nephropathy",
    "minimal_change_disease",
    "focal_segmental_glomerulosclerosis",
    "myasthenia_gravis",
    "myositis_ild",
    "rheumatoid_arthritis",
    "ulcerative_colitis",
    "uveitis",
    "atopic_dermatitis",
    "other_autoimmune",
]
Context = Literal[
    "relapse_after_withdrawal",
    "failure_on_therapy",
    "acute_severe",
    "loss_of_remission",
    "in_remission",
    "unknown",
]
Cirrhosis = Literal["none", "compensated", "decompensated", "unknown"]
Ascites = Literal["none", "mild", "moderate_severe", "unknown"]
Graft = Literal["none", "liver", "kidney", "other", "unknown"]
StopManner = Literal["abrupt", "tapered", "unknown"]
Route = Literal["oral", "intravenous", "topical"]
StopReason = Literal[
    "planned_withdrawal",
    "nephrotoxicity",
    "neurotoxicity",
    "malignancy",
    "thrombotic_microangiopathy",
    "posterior_reversible_encephalopathy",
    "infection",
    "lack_of_efficacy",
    "intolerance",
    "non_adherence",
    "supply",
    "paradoxical_autoimmunity",
    "pregnancy",
    "other",
    "unknown",
]
TacrolimusResponse = Literal["complete", "partial", "none", "unknown"]
FlareSeverity = Literal["mild", "moderate", "severe"]
ClinicalFinding = Literal[
    "fever",
    "encephalopathy",
    "bulbar_weakness",
    "respiratory_weakness",
    "alveolar_haemorrhage",
    "vision_loss",
    "severe_colitis",
    "sepsis_screen_positive",
    "ascites",
    "variceal_bleed",
    "jaundice",
    "tremor",
    "headache",
    "seizure",
    "confusion",
    "paraesthesia",
    "diarrhoea",
    "worsening_symptoms",
]
Analyte = Literal[
    "alt",
    "ast",
    "alp",
    "ggt",
    "bilirubin_total",
    "bilirubin_direct",
    "albumin",
    "inr",
    "igg",
    "creatinine",
    "sodium",
    "potassium",
    "magnesium",
    "glucose",
    "hba1c",
    "wbc",
    "neutrophils",
    "lymphocytes",
    "haemoglobin",
    "platelets",
    "crp",
    "esr",
    "c3",
    "c4",
    "anti_dsdna",
    "upcr",
    "protein_24h",
    "acr",
    "urine_rbc",
    "tacrolimus_level",
    "cyclosporine_level",
    "sirolimus_level",
    "creatine_kinase",
    "lactate_dehydrogenase",
    "ferritin",
    "morning_cortisol",
    "hbv_dna",
]
Matrix = Literal["serum", "plasma", "whole_blood", "urine", "unknown"]
Drug = Literal[
    "prednisone",
    "prednisolone",
    "methylprednisolone",
    "budesonide",
    "azathioprine",
    "tacrolimus",
    "mycophenolate",
    "cyclosporine",
    "methotrexate",
    "cyclophosphamide",
    "sirolimus",
]
TreatmentResponse = Literal["sufficient", "insufficient", "unknown"]
Reaction = Literal["hypersensitivity", "intolerance"]
Comorbidity = Literal[
    "diabetes",
    "osteoporosis",
    "hypertension",
    "psychosis",
    "malignancy",
    "peptic_ulcer",
    "glaucoma",
    "heart_failure",
    "chronic_kidney_disease",
    "interstitial_lung_disease",
    "inflammatory_bowel_disease",
    "portal_vein_thrombosis",
    "alcohol_excess",
    "gout",
    "obesity",
]
Metaboliser = Literal["normal", "intermediate", "poor", "unknown"]
Cyp3a5 = Literal["expresser", "non_expresser", "unknown"]
TestResult = Literal["positive", "negative", "unknown"]
StepStyle = Literal["monthly", "split"]

OptionId = Literal[
    "prednisone_azathioprine",
    "prednisone_monotherapy",
    "tacrolimus_restart",
    "add_mycophenolate",
    "switch_cyclosporine",
    "third_line",
]
Standing = Literal["recommended", "alternative", "conditional", "not_indicated", "blocked"]
Disposition = Literal["plan", "refer", "emergency", "insufficient_data"]
Tier = Literal["T0", "T1", "T2", "T3", "T4", "T5", "unknown"]
PlanStatus = Literal["draft", "accepted", "superseded", "withdrawn"]
EpisodeStatus = Literal["active", "closed"]
Severity = Literal["info", "warning", "critical"]
Verdict = Literal["applies", "does_not_apply", "unknown"]
StepStatus = Literal["current", "projected", "held", "done", "floor"]
GateCode = Literal["date_reached", "labs_current", "biochemical_remission", "no_worsening"]
TaskGate = Literal["hard", "soft"]
GateDecision = Literal["step", "hold", "floor", "review"]
DecisionAction = Literal["accept", "decline", "override"]
DueKind = Literal["test", "gate", "task"]
DueUrgency = Literal["overdue", "due_today", "upcoming"]
Response = Literal[
    "effective_short_term",
    "indeterminate",
    "escalate",
    "escalate_urgent",
    "response",
    "non_response",
    "complete_response",
    "insufficient_response",
    "loss_of_remission",
    "relapse",
    "not_interpretable",
]
ScoreName = Literal["meld", "meld_na", "meld_3_0", "child_pugh", "egfr_ckd_epi_2021", "fib_4"]
TriggerCode = Literal[
    "meld_15",
    "ascites",
    "encephalopathy",
    "variceal_bleed",
    "acute_severe",
    "escalate_urgent",
    "no_complete_response_48_months",
    "hepatocellular_carcinoma",
]
ReferralTarget = Literal[
    "hepatology",
    "transplant_centre",
    "nephrology",
    "rheumatology",
    "neurology",
    "gastroenterology",
    "ophthalmology",
    "dermatology",
    "pulmonology",
    "obstetric_medicine",
    "paediatrics",
]
Urgency = Literal["immediate", "same_day", "urgent", "routine"]
CitationKind = Literal["statement", "reference", "policy"]
Confidence = Literal["verified", "probable", "unresolved"]
OverrideReason = Literal[
    "specialist_advice",
    "patient_preference",
    "adverse_effect",
    "comorbidity",
    "availability",
    "clinical_judgement",
    "other",
]
Frequency = Literal[
    "daily",
    "twice_daily",
    "three_times_daily",
    "four_times_daily",
    "every_other_day",
    "twice_weekly",
    "weekly",
    "every_two_weeks",
    "monthly",
    "once",
    "as_needed",
]
Formulation = Literal["immediate_release", "extended_release"]
