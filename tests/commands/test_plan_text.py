"""A plan on a terminal: everything that was decided, every line with the numbers of its sources."""

import json
from typing import Any

import pytest

from app.clinical.plan import Plan
from app.clinical.taper import TaperRequest
from app.commands.plan_text import render_plan
from app.knowledge.base import KnowledgeBase
from app.taper.schedule import schedule_taper

S01 = {"citations": ["S01"]}
K07 = {"citations": ["K07", "S01"]}
REMARK = {"code": "CODE", "rule": "test"}


def medication(drug: str, **known: Any) -> dict[str, Any]:
    return {"drug": drug, "rxnorm": None, "dose_mg_per_day": None, "tablets": [], "calculation": [], **known}


def option(**known: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {name: [] for name in ("medications", "reasons", "blocks", "cautions", "conditions")}
    whole = {"id": "third_line", "standing": "conditional", "rank": None, "title": "Third line", "taper": None}
    return whole | {"specialist_dose": False} | empty | S01 | known


def plan(**known: Any) -> Plan:
    lists = "scores red_flags options monitoring tasks alerts escalation checklist missing_data conflicts statements"
    nothing = "taper trough_target referral withdrawal progress condition_policy"
    whole = {
        "id": "p1",
        "episode_id": "e1",
        "revision": 1,
        "status": "draft",
        "superseded_by": None,
        "created_at": "2026-03-10T12:00:00Z",
        "retrospective": False,
        "accepted_option_id": None,
        "as_of": "2026-03-10",
        "valid_until": "2026-03-24",
        "disposition": "plan",
        "headline": "The sentence that sums it up.",
        "severity": {"tier": "T2", "severe": False, "basis": [], **S01},
        "transplant": {"refer": False, "triggers": [], **S01},
        "duration": {
            "indefinite": True,
            "reduction_eligible_on": None,
            "withdrawal_proposed": False,
            "text": "",
            "relapse_risk": [],
            **S01,
        },
        "citations": [
            {"id": "S01", "kind": "statement", "title": "Source document, line 12"},
            {
                "id": "K07",
                "kind": "reference",
                "title": "A trial",
                "authors": "Doe J",
                "year": 2010,
                "doi": "10.1/x",
                "confidence": "verified",
            },
        ],
        "knowledge": {"id": "k", "version": "1", "digest": "d", "provenance": "p"},
        "engine": {"version": "1"},
        "notice": "For clinicians.",
        "input_digest": "i",
        "output_digest": "o",
        **{name: [] for name in lists.split()},
        **dict.fromkeys(nothing.split()),
    }
    return Plan.model_validate_json(json.dumps(whole | known))


def lines(**known: Any) -> list[str]:
    return render_plan(plan(**known)).splitlines()


def test_it_begins_with_the_sentence_that_sums_it_up_and_ends_with_the_intended_use() -> None:
    text = lines()
    assert text[:3] == [
        "The sentence that sums it up.",
        "Disposition plan, as of 2026-03-10, valid until 2026-03-24",
        "Severity T2 [1]",
    ]
    assert text[-1] == "For clinicians."


def test_a_part_with_nothing_in_it_says_none() -> None:
    text = lines()
    assert text[text.index("Options") + 2] == "none"
    assert text[text.index("Taper (every step waits for its gates)") + 2] == "none"


def test_a_plan_for_the_past_says_that_it_does_not_expire() -> None:
    assert lines(retrospective=True)[1].endswith("(retrospective: does not expire)")


@pytest.mark.parametrize(
    ("known", "line"),
    [
        (
            {
                "dose_mg_per_day": 75,
                "tablets": [{"strength_mg": 50, "count": 1.5}],
            },
            "azathioprine 75 mg a day (1.5 x 50 mg)",
        ),
        ({"dose_mg_per_day": 7.5}, "azathioprine 7.5 mg a day"),
        ({"dose_range_mg_per_day": {"low": 120, "high": 240}}, "azathioprine 120 to 240 mg a day"),
        ({"deferred_until": "bilirubin is below 6 mg/dL"}, "azathioprine: no dose until bilirubin is below 6 mg/dL"),
        ({}, "azathioprine: no dose"),
    ],
)
def test_a_dose_is_told_with_its_tablets_and_a_missing_one_is_never_a_zero(known: dict[str, Any], line: str) -> None:
    assert line in lines(options=[option(medications=[medication("azathioprine", **known)])])


def test_an_option_tells_its_standing_and_all_that_led_to_it() -> None:
    remarks = {name: [{**REMARK, "text": name, **K07}] for name in ("reasons", "blocks", "cautions", "conditions")}
    text = lines(options=[option(standing="recommended", **remarks)])
    start = text.index("RECOMMENDED   Third line (third_line) [1]")
    assert text[start + 1 : start + 5] == [
        "+ reasons [1, 2]",
        "X blocks [1, 2]",
        "! cautions [1, 2]",
        "? conditions [1, 2]",
    ]


def test_the_taper_is_a_table_of_dates_doses_and_tablets(kb: KnowledgeBase) -> None:
    request = {
        "option_id": "prednisone_azathioprine",
        "drug_doses": {"prednisone": 30, "azathioprine": 150},
        "weight_kg": 80,
        "start_on": "2026-03-10",
    }
    taper = schedule_taper(TaperRequest.model_validate_json(json.dumps(request)), kb)
    cited = [{"id": one, "kind": "statement", "title": one} for one in sorted(kb.citations)]
    text = render_plan(plan(citations=cited).model_copy(update={"taper": taper})).splitlines()
    start = text.index("Taper (every step waits for its gates)") + 2
    assert [line.split()[0] for line in text[start : start + 3]] == ["2026-03-10", "2026-04-10", "2026-05-10"]
    assert "prednisone 30 mg (" in text[start]
    assert text[start + 3].startswith("Prednisone in 168 days: 2600 mg [")


def test_what_repeats_says_how_often_and_until_when() -> None:
    once = {"code": "c", "title": "Blood count", "analytes": [], "due_on": "2026-03-17", "reason": "", **S01}
    shown = [once | {"repeat_days": None, "until": ""}, once | {"repeat_days": 7, "until": "month 1"}]
    text = lines(monitoring=shown)
    assert "2026-03-17  Blood count [1]" in text
    assert "2026-03-17  Blood count, then every 7 days until month 1 [1]" in text


def test_tasks_alerts_missing_data_and_conflicts_each_have_their_lines() -> None:
    text = lines(
        tasks=[{"code": "c", "title": "Screen", "due_on": "2026-03-17", "gate": "hard", **S01}],
        alerts=[{**REMARK, "text": "Look.", "severity": "critical", **S01}],
        missing_data=[{"path": "patient.weight_kg", "needed_for": [], "effect": "No dose.", "how": "Weigh."}],
        conflicts=[{"id": "C08", "summary": "Speed", "shown_values": ["slow", "fast"], "resolution": "Slow.", **S01}],
    )
    for line in (
        "2026-03-17  Screen (hard) [1]",
        "CRITICAL CODE: Look. [1]",
        "patient.weight_kg: No dose. Weigh.",
        "C08 Speed [1]",
        "    Values: slow | fast",
        "    Here: Slow.",
    ):
        assert line in text


def test_sources_are_numbered_in_the_order_of_their_first_use_and_told_as_far_as_they_are_known() -> None:
    text = lines(options=[option(citations=["K07"])])
    start = text.index("Sources") + 2
    assert text[start : start + 2] == [
        "[1] S01: Source document, line 12",
        "[2] K07: A trial. Doe J, 2010, doi 10.1/x (verified)",
    ]


def test_a_long_line_is_broken_between_words() -> None:
    text = lines(headline="word " * 60)
    assert max(map(len, text)) <= 110
