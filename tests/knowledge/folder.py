"""A small knowledge folder that is right in every point, for tests to spoil one point at a time."""

import json
from pathlib import Path
from typing import Any, get_args

from app.clinical.vocabulary import Analyte, ConditionCode, Drug

Files = dict[str, dict[str, Any]]


def files() -> Files:
    """Return the rows of every file. Written as JSON they are YAML whose texts are all quoted."""
    return {
        "manifest.yaml": {"id": "test", "version": "1", "title": "Test", "provenance": "none", "notice": "Synthetic."},
        "statements.yaml": {
            "S01": _statement("Give the drug.", references=[1], status="implemented"),
            "S02": _statement("It is common.", references=[], status="text_only", why="Decides nothing."),
        },
        "references.yaml": {
            "REF1": {"title": "A trial", "number": 1, "year": 2001, "confidence": "verified", "grade": "C"},
            "K99": {"title": "Recalled", "confidence": "probable", "grade": "R"},
        },
        "policies.yaml": {"P-dose": "Section 3: doses"},
        "conflicts.yaml": {
            "C01": {
                "summary": "Two doses",
                "statements": ["S01"],
                "shown_values": ["1 mg", "2 mg"],
                "resolution": "The lower one.",
                "cites": ["S01", "REF1"],
            }
        },
        "analytes.yaml": {key: _analyte() for key in get_args(Analyte)},
        "drugs.yaml": {key: _drug() for key in get_args(Drug)},
        "substances.yaml": {
            **{key: {"names": [key], "cites": ["P-dose"]} for key in get_args(Drug)},
            "tacrolimus": {"names": ["tacrolimus", "prograf"], "rxnorm": ["42316"], "cites": ["P-dose"]},
            "ritonavir": {"names": ["ritonavir"], "classes": ["cyp3a_inhibitor_strong"], "cites": ["P-dose"]},
            "paxlovid": {"names": ["paxlovid"], "ingredients": ["ritonavir"], "cites": ["P-dose"]},
        },
        "interactions.yaml": {
            "tacrolimus_inhibitor": {
                "code": "CYP3A_INHIBITOR",
                "drug": "tacrolimus",
                "partner": "cyp3a_inhibitor_strong",
                "effect": "block",
                "text": "Levels rise.",
                "action": "Choose another drug.",
                "cites": ["P-dose"],
            }
        },
        "conditions.yaml": {key: _condition() for key in get_args(ConditionCode)},
        "monitoring.yaml": {
            "liver_labs": {
                "title": "Liver tests",
                "analytes": ["alt"],
                "after_days": 14,
                "repeat_days": 14,
                "until": "day 56",
                "reason": "Response.",
                "cites": ["S01"],
            }
        },
        "tasks.yaml": {"hbv_dna": {"title": "HBV DNA", "after_days": 7, "gate": "soft", "cites": ["P-dose"]}},
        "texts.yaml": {"risk": {"topic": "relapse_risk", "text": "Half.", "cites": ["REF1"]}},
        "parameters/doses.yaml": {"dose_mg": {"value": "0.075", "unit": "mg/kg/d", "cites": ["S01", "C01"]}},
    }


def write(folder: Path, content: Files) -> Path:
    """Write `content` into `folder` and return it."""
    for name, rows in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(rows), encoding="utf-8")
    return folder


def _statement(text: str, **more: Any) -> dict[str, Any]:
    return {"section": "LEAD", "line": 2, "text": text, **more}


def _analyte() -> dict[str, Any]:
    return {
        "title": "Analyte",
        "loinc": ["1742-6"],
        "unit": "U/L",
        "units": [{"code": "U/L", "synonyms": ["IU/L"]}],
        "plausible_low": "1",
        "plausible_high": "20000",
        "stable_days": 14,
        "cites": ["P-dose"],
    }


def _drug() -> dict[str, Any]:
    return {
        "title": "Drug",
        "rxnorm": "8640",
        "atc": "H02AB07",
        "form": "tablet",
        "formulation": "tablet",
        "strengths": [{"mg": "2.5"}],
        "dose_emitted": True,
        "cites": ["P-dose"],
    }


def _condition() -> dict[str, Any]:
    return {
        "title": "Condition",
        "snomed_ct": ["408335007"],
        "icd_10_cm": ["K75.4"],
        "dosing": False,
        "referral": "hepatology",
        "urgency": "routine",
        "urgency_organ_threatening": "urgent",
        "markers": [{"title": "ALT", "analytes": ["alt"]}],
        "red_flags": [],
        "tiers": [],
        "tacrolimus_target": "not established",
        "remission": "normal tests",
        "specialist_text": "Refer.",
        "applies": ["S01"],
        "overridden": {"S02": "Not here."},
        "cites": ["P-dose"],
    }
