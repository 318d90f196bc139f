"""What came of replaying plans, counted and told."""

from collections.abc import Iterable
from uuid import UUID

import pytest

from app.clinical.replay import Difference, KnowledgeChoice
from app.commands import replay_report
from app.commands.replay_report import Report, group
from app.knowledge.base import KnowledgeBase
from app.planning.impact import Impact
from app.planning.replay import IDENTICAL, Comparison
from app.usecases.replay import Chosen, Replayed
from app.usecases.replay_all import Outcome

UNCHANGED = IDENTICAL.impact


def plan(number: int) -> UUID:
    return UUID(int=number)


def outcome(
    kb: KnowledgeBase, number: int, comparison: Comparison = IDENTICAL, choice: KnowledgeChoice = "as_made"
) -> Outcome:
    return Outcome(plan(number), Replayed(Chosen(kb, choice, "Because."), "sha256:0", comparison))


def different(*paths: str, impact: Impact = UNCHANGED) -> Comparison:
    found = (Difference(path=path, kind="changed", stored="Marguerite", replayed=None) for path in paths)
    return Comparison(tuple(found), 0, impact)


def report(outcomes: Iterable[Outcome]) -> Report:
    whole = Report()
    for one in outcomes:
        whole.add(one)
    return whole


def lines(whole: Report) -> list[str]:
    return list(whole.lines())


def test_nothing_but_identical_plans_is_one_line(kb: KnowledgeBase) -> None:
    whole = report(outcome(kb, number) for number in range(1234))
    assert lines(whole) == ["Plans replayed: 1,234, of them 1,234 identical, 0 different, 0 failed."]
    assert whole.exit_code == 0


def test_no_plan_at_all_is_no_fault() -> None:
    assert report([]).exit_code == 0


def test_plans_replayed_with_other_knowledge_than_their_own_are_counted(kb: KnowledgeBase) -> None:
    whole = report([outcome(kb, 1), outcome(kb, 2, choice="present"), outcome(kb, 3, choice="requested")])
    assert lines(whole)[1:] == ["1 of them were made with knowledge that is not loaded: the present one decided."]
    assert whole.as_json()["plans"]["knowledge_not_loaded"] == 1


def test_a_failure_weighs_more_than_a_difference(kb: KnowledgeBase) -> None:
    one_differs = [outcome(kb, 1), outcome(kb, 2, different("headline"))]
    assert report(one_differs).exit_code == 1
    assert report([*one_differs, Outcome(plan(3), None, "KeyError")]).exit_code == 2


def test_each_plan_counts_once_for_a_place_whatever_stands_there(kb: KnowledgeBase) -> None:
    steps = different("taper.steps[0].doses.prednisone", "taper.steps[1].doses.prednisone", "alerts[A]", "alerts[A#2]")
    whole = report([outcome(kb, 1, steps), outcome(kb, 2, different("alerts[A]"))])
    assert whole.as_json()["paths"] == {"alerts[A]": 2, "taper.steps[].doses.prednisone": 1}
    assert whole.as_json()["different"][0]["paths"] == tuple(one.path for one in steps.differences)


@pytest.mark.parametrize(
    ("path", "grouped"),
    [
        ("options[third_line].citations", "options[third_line].citations"),
        ("taper.steps[12].tablets.prednisone[0].count", "taper.steps[].tablets.prednisone[].count"),
        ("alerts[CYP3A_INHIBITOR#12].text", "alerts[CYP3A_INHIBITOR].text"),
    ],
)
def test_places_without_a_name_are_one(path: str, grouped: str) -> None:
    assert group(path) == grouped


def test_a_spelling_that_no_path_leads_to_is_told(kb: KnowledgeBase) -> None:
    assert "       1  (the same values in another spelling)" in "\n".join(
        lines(report([outcome(kb, 1, different(""))]))
    )


def test_what_it_means_and_which_statements_judge_otherwise_is_counted(kb: KnowledgeBase) -> None:
    other = Impact(disposition=True, recommended_option=True, dose=False, verdicts=("S11", "S05"))
    whole = report([outcome(kb, 1, different("a", impact=other)), outcome(kb, 2, different("b"))])
    assert lines(whole) == [
        "Plans replayed: 2, of them 0 identical, 2 different, 0 failed.",
        "",
        "What it means",
        "         1  another disposition",
        "         1  another recommended option",
        "",
        "Statements with another verdict",
        "         1  S05",
        "         1  S11",
        "",
        "Where",
        "         1  a",
        "         1  b",
        "",
        "Plans that are different",
        f"  {plan(1)}  disposition, recommended_option",
        f"  {plan(2)}  texts",
    ]
    assert whole.as_json()["impact"] == {"disposition": 1, "recommended_option": 1, "dose": 0}
    assert whole.as_json()["statements"] == {"S05": 1, "S11": 1}


def test_a_long_list_is_cut_on_the_terminal_and_says_by_how_much(
    kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay_report, "_LINES", 2)
    whole = report(Outcome(plan(number), None, "KeyError") for number in range(3))
    assert lines(whole)[2:] == [
        "Plans that could not be replayed",
        f"  {plan(0)}  KeyError",
        f"  {plan(1)}  KeyError",
        "  and 1 more (--json FILE lists them)",
    ]
    assert len(whole.as_json()["failed"]) == 3


def test_ids_are_kept_up_to_a_bound_and_the_rest_is_counted(kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_report, "_LISTED", 2)
    monkeypatch.setattr(replay_report, "_LISTED_PATHS", 1)
    whole = report([*(outcome(kb, number, different("a", "b")) for number in range(3)), Outcome(plan(3), None, "X")])
    found = whole.as_json()
    assert [(one["plan_id"], one["paths"]) for one in found["different"]] == [(str(plan(n)), ("a",)) for n in range(2)]
    assert (found["failed"], found["not_listed"]) == ([], 2)
    assert found["paths"] == {"a": 3, "b": 3}


def test_no_value_of_a_plan_is_told(kb: KnowledgeBase) -> None:
    whole = report([outcome(kb, 1, different("headline"))])
    assert "Marguerite" not in str(whole.as_json()) + "".join(lines(whole))
