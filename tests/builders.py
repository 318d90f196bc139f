"""Builders of synthetic episodes. Every test starts from a whole patient and changes what it is about."""

import json
from typing import Any

from app.clinical.episode import Episode

DAY = "2026-03-10"


def lab(analyte: str, value: float, unit: str, day: str = DAY, **more: Any) -> dict[str, Any]:
    """Return a result collected at six in the morning of `day`, UTC."""
    return {"analyte": analyte, "value": value, "unit": unit, "collected_at": f"{day}T06:00:00Z", **more}


def labs(day: str = DAY, **values: float | None) -> list[dict[str, Any]]:
    """Return the full set of a hepatitis patient; `values` replaces single results, None leaves one out."""
    rows: list[tuple[str, float, str, dict[str, float]]] = [
        ("alt", 160, "U/L", {"upper_limit_normal": 35}),
        ("ast", 120, "U/L", {"upper_limit_normal": 35}),
        ("bilirubin_total", 1.0, "mg/dL", {"upper_limit_normal": 1.2}),
        ("inr", 1.0, "{INR}", {"upper_limit_normal": 1.1}),
        ("igg", 19, "g/L", {"upper_limit_normal": 16}),
        ("albumin", 4.0, "g/dL", {"lower_limit_normal": 3.5}),
        ("wbc", 6.0, "10*9/L", {}),
        ("neutrophils", 3.6, "10*9/L", {}),
        ("lymphocytes", 1.6, "10*9/L", {}),
        ("haemoglobin", 13.2, "g/dL", {}),
        ("platelets", 210, "10*9/L", {}),
        ("creatinine", 0.8, "mg/dL", {"upper_limit_normal": 1.1}),
        ("sodium", 139, "mmol/L", {}),
        ("potassium", 4.2, "mmol/L", {}),
        ("magnesium", 2.0, "mg/dL", {}),
    ]
    return [
        lab(name, value, unit, day, **more)
        for name, usual, unit, more in rows
        if (value := values.get(name, usual)) is not None
    ]


def body(**changes: Any) -> dict[str, Any]:
    """Return a whole episode as JSON: 52 years, male, 80 kg, hepatitis relapse, everything known.

    A change replaces a top-level property; a dict is merged into it; `None` removes the property.
    """
    whole: dict[str, Any] = {
        "patient": {
            "reference": "synthetic-1",
            "age_years": 52,
            "sex": "male",
            "weight_kg": 80,
            "childbearing_potential": False,
            "breastfeeding": False,
        },
        "condition": {
            "code": "autoimmune_hepatitis",
            "context": "relapse_after_withdrawal",
            "relapse_count": 1,
            "cirrhosis": "none",
            "ascites": "none",
            "encephalopathy_grade": 0,
            "variceal_bleed": False,
            "hepatocellular_carcinoma": False,
            "graft": "none",
        },
        "tacrolimus": {
            "stopped_on": "2025-11-10",
            "stop_manner": "unknown",
            "route": "oral",
            "last_dose_mg_per_day": 2,
            "stop_reason": "lack_of_efficacy",
            "response": "none",
            "indication_still_valid": False,
        },
        "flare": {"onset_on": DAY, "findings": []},
        "labs": labs(),
        "medications": [],
        "prior_treatments": [{"drug": "azathioprine", "response": "sufficient", "tolerated": True}],
        "allergies": [],
        "comorbidities": [],
        "pharmacogenetics": {"tpmt": "normal", "nudt15": "normal"},
        "screening": {
            "infection_suspected": False,
            "hbsag": "negative",
            "anti_hbc": "negative",
            "anti_hcv": "negative",
            "hiv": "negative",
            "tuberculosis": "negative",
            "strongyloides_exposure": "negative",
            "varicella_immune": "positive",
        },
        "differential": {
            "adherence_confirmed": True,
            "viral_hepatitis_excluded": True,
            "drug_injury_excluded": True,
            "biliary_obstruction_excluded": True,
        },
        "as_of": DAY,
        "start_on": DAY,
    }
    for key, change in changes.items():
        if change is None:
            whole.pop(key, None)
        elif isinstance(change, dict) and isinstance(whole.get(key), dict):
            merged = {**whole[key], **change}
            whole[key] = {name: value for name, value in merged.items() if value is not None}
        else:
            whole[key] = change
    return whole


def episode(**changes: Any) -> Episode:
    """Return the whole episode with `changes`, read as the wire would."""
    return Episode.model_validate_json(json.dumps(body(**changes)))
