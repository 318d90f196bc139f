"""What is said beside an assessment and on the plan it writes."""

from typing import Any

import pytest

from app.clinical.progress import Course, Visit
from app.facts.prepare import prepare_facts
from app.knowledge.base import KnowledgeBase
from app.rules.course.remarks import course_notices, remarks
from tests.builders import episode
from tests.treatment import COMBINATION, following, stepped, visit


def course(*visits: Visit, **changes: Any) -> Course:
    return Course(following=following(*COMBINATION, **changes), visits=visits)


def notices(kb: KnowledgeBase, known: Course | None, decision: Any = None) -> list[str]:
    return [notice.code for notice in course_notices(prepare_facts(episode(), kb, known), decision)]


@pytest.mark.parametrize(
    ("response", "confirmed", "findings", "decision", "codes"),
    [
        ("response", None, [], "hold", []),
        ("response", None, None, "hold", ["FINDINGS_NOT_SENT"]),
        ("non_response", None, [], "hold", ["ASK_ADHERENCE"]),
        ("non_response", True, [], "review", ["HOLD_REVIEW"]),
        ("relapse", False, [], None, ["ASK_ADHERENCE"]),
        ("loss_of_remission", None, [], None, ["ASK_ADHERENCE"]),
    ],
)
def test_an_assessment_says_what_was_assumed_and_what_to_ask(
    response: Any, confirmed: bool | None, findings: list[str] | None, decision: Any, codes: list[str]
) -> None:
    seen = visit(28, findings=findings, adherence_confirmed=confirmed)
    found = remarks(course(seen), seen, response, decision)
    assert [remark.code for remark in found] == codes
    assert all(remark.rule and remark.citations for remark in found)


def test_an_assessment_says_which_liver_function_became_worse() -> None:
    seen = visit(28, worse=["bilirubin_total", "inr"])
    (said,) = remarks(course(seen), seen, "complete_response", "hold")
    assert (said.code, said.text.startswith("Bilirubin and INR rose")) == ("LIVER_FUNCTION_WORSE", True)
    assert remarks(course(seen, visit(60)), visit(60), "complete_response", "step") == ()


def test_a_denied_adherence_is_worded_otherwise_than_one_nobody_asked_about() -> None:
    for confirmed, words in ((None, "was not asked about"), (False, "is denied")):
        (said,) = remarks(course(), visit(28, adherence_confirmed=confirmed), "non_response", None)
        assert words in said.text


def test_an_option_nobody_accepted_is_named_and_one_that_is_not_known_is_told() -> None:
    seen = visit(28)
    assumed, unknown = (remarks(known, seen, "response", None)[0] for known in (course(accepted=False), Course()))
    assert (assumed.code, "prednisone_azathioprine" in assumed.text) == ("OPTION_ASSUMED", True)
    assert unknown.code == "OPTION_UNKNOWN"


@pytest.mark.parametrize(
    ("response", "code"),
    [
        ("escalate_urgent", "ESCALATE_URGENT"),
        ("escalate", "ESCALATE"),
        ("non_response", "NON_RESPONSE"),
        ("insufficient_response", "INSUFFICIENT_RESPONSE"),
        ("relapse", "RELAPSE"),
        ("loss_of_remission", "LOSS_OF_REMISSION"),
    ],
)
def test_the_plan_says_first_what_the_latest_assessment_calls_for(response: str, code: str, kb: KnowledgeBase) -> None:
    said, steroid = course_notices(prepare_facts(episode(), kb, course(visit(28, response=response))), None)
    assert (said.code, said.severity) == (code, "critical" if code == "ESCALATE_URGENT" else "warning")
    assert (steroid.code, steroid.severity) == ("STEROID_UNDER_WAY", "info")


def test_an_override_after_an_assessment_does_not_silence_its_questions(kb: KnowledgeBase) -> None:
    asked = visit(28, response="non_response", adherence_confirmed=None)
    overridden = course(asked, visit(30, kind="override", adherence_confirmed=None))
    said = course_notices(prepare_facts(episode(), kb, overridden), "review")
    assert [(notice.code, notice.severity) for notice in said] == [
        ("NON_RESPONSE", "warning"),
        ("HOLD_REVIEW", "critical"),
        ("ASK_ADHERENCE", "warning"),
        ("STEROID_UNDER_WAY", "info"),
    ]


@pytest.mark.parametrize("response", ["complete_response", "response", "indeterminate", "not_interpretable"])
def test_where_nothing_is_called_for_only_the_steroid_is_told(response: str, kb: KnowledgeBase) -> None:
    assert notices(kb, course(visit(28, response=response))) == ["STEROID_UNDER_WAY"]


def test_without_a_course_nothing_is_said(kb: KnowledgeBase) -> None:
    assert notices(kb, None) == []
    assert notices(kb, Course()) == ["OPTION_UNKNOWN"]


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (course(), "Prednisone 30 mg/d is the accepted dose"),
        (course(accepted=False), "Prednisone 30 mg/d is the assumed dose"),
        (Course(following=following(*COMBINATION), steps=stepped(31)), "Prednisone 20 mg/d"),
        *(
            (Course(following=following(option_id=option)), "a dose that is not known here")
            for option in (
                "prednisone_azathioprine",
                "prednisone_monotherapy",
                "tacrolimus_restart",
                "add_mycophenolate",
            )
        ),
    ],
)
def test_the_steroid_that_is_taken_is_told_with_its_dose_where_it_is_known(
    known: Course, text: str, kb: KnowledgeBase
) -> None:
    told = {notice.code: notice for notice in course_notices(prepare_facts(episode(), kb, known), None)}
    assert text in told["STEROID_UNDER_WAY"].text
    assert "never stopped suddenly" in told["STEROID_UNDER_WAY"].text
    assert told["STEROID_UNDER_WAY"].severity == "info"


def test_no_steroid_is_told_of_where_none_goes_with_the_option(kb: KnowledgeBase) -> None:
    assert notices(kb, Course(following=following(option_id="switch_cyclosporine"))) == []
