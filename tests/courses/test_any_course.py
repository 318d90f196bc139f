"""Random courses over HTTP on a real database: whatever is sent, in whatever order, what is kept stays sound."""

from datetime import date, timedelta
from typing import Any

import httpx
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.builders import body, labs
from tests.courses import ledger

RESULTS: dict[str, dict[str, float | None] | None] = {
    "normal": {"alt": 30, "ast": 28, "igg": 15},
    "improving": {"alt": 80, "ast": 60, "igg": 17},
    "as before": {},
    "worse": {"alt": 400, "ast": 300, "igg": 22},
    "urgent": {"alt": 300, "bilirubin_total": 3.0, "inr": 1.3},
    "no IgG": {"alt": 30, "ast": 28, "igg": None},
    "low counts": {"alt": 30, "ast": 28, "igg": 15, "wbc": 2.0},
    "none": None,
}
FINDINGS: tuple[list[str] | None, ...] = ([], [], [], None, ["worsening_symptoms"], ["fever"])
PATCHES: tuple[dict[str, Any], ...] = (
    {"medications": [{"drug": "clarithromycin", "dose_mg_per_day": 500}]},
    {"medications": []},
    {"medications": None},
    {"patient": {"weight_kg": 45}},
    {"patient": {"weight_kg": 80}},
    {"pharmacogenetics": {"tpmt": "poor"}},
    {"pharmacogenetics": {"tpmt": "normal"}},
    {"condition": {"graft": "kidney"}},
    {"condition": {"graft": "none"}},
    {"screening": {"hbsag": "positive"}},
)
OPTIONS = ("prednisone_azathioprine", "prednisone_monotherapy", "add_mycophenolate", "tacrolimus_restart")
REASONS = ("clinical_judgement", "adverse_effect")
START = date(2026, 3, 10)
REFUSALS = {409, 412, 422}


class AnyCourse(RuleBasedStateMachine):
    """One patient; every request is either taken and kept, or refused with a problem and nothing is kept."""

    client: httpx.Client

    def __init__(self) -> None:
        super().__init__()
        self.today = START
        self.decisions: list[dict[str, Any]] = []
        self.assessments: list[dict[str, Any]] = []
        self.opened: set[int] = set()
        self.limited_anew: set[int] = set()

    @initialize(
        weight=st.sampled_from([47, 58, 80]), context=st.sampled_from(["relapse_after_withdrawal", "acute_severe"])
    )
    def begin(self, weight: int, context: str) -> None:
        """Send the episode."""
        sent = body(patient={"weight_kg": weight}, condition={"context": context})
        self._keep(self.client.post("/v1/episodes", json=sent))

    @rule(
        days=st.sampled_from([-20, -1, 0, 1, 13, 14, 15, 30, 31, 32, 45]),
        results=st.sampled_from(sorted(RESULTS)),
        findings=st.sampled_from(FINDINGS),
        overridden=st.booleans(),
    )
    def assess(self, days: int, results: str, findings: list[str] | None, overridden: bool) -> None:
        """Send an assessment of a later or an earlier day."""
        day = self.today + timedelta(days=days)
        values = RESULTS[results]
        sent: dict[str, Any] = {"assessed_on": day.isoformat(), "findings": findings}
        sent["labs"] = None if values is None else labs(day.isoformat(), **values)
        if overridden:
            sent["override"] = {"gate": "biochemical_remission", "reason_code": "clinical_judgement"}
        answer = self.client.post(f"/v1/episodes/{self.episode}/assessments", json=sent)
        if self._keep(answer):
            assessment = answer.json()["assessment"]
            self.today = max(self.today, day)
            self.assessments.append(assessment)
            gate = assessment["taper_gate"]
            if gate and gate["decision"] == "step":
                assert overridden or all(item["met"] for item in gate["gates"])
                self.opened.add(answer.json()["plan"]["revision"])

    @rule(option=st.sampled_from(OPTIONS), reason=st.sampled_from(REASONS), overridden=st.booleans())
    def accept(self, option: str, reason: str, overridden: bool) -> None:
        """Accept an option, perhaps past a hard gate."""
        override = {"override": {"reason_code": reason}} if overridden else {}
        self._decide(action="accept", option_id=option, **override)

    @rule(option=st.sampled_from([*OPTIONS, None]))
    def decline(self, option: str | None) -> None:
        """Decline an option or the whole plan."""
        self._decide(action="decline", option_id=option)

    @rule(gate=st.sampled_from(["biochemical_remission", "labs_current", None]), days=st.integers(0, 14))
    def override(self, gate: str | None, days: int) -> None:
        """Ask for a step on improvement between two assessments."""
        day = (self.today + timedelta(days=days)).isoformat()
        self._decide(action="override", override={"gate": gate, "reason_code": "clinical_judgement"}, decided_on=day)

    @rule(patch=st.sampled_from(PATCHES), stale=st.booleans())
    def change(self, patch: dict[str, Any], stale: bool) -> None:
        """Send changed facts, perhaps of a version that is no longer the present one."""
        etag = '"0"' if stale else self.client.get(f"/v1/episodes/{self.episode}").headers["ETag"]
        headers = {"If-Match": etag, "Content-Type": "application/merge-patch+json"}
        answer = self.client.patch(f"/v1/episodes/{self.episode}", json=patch, headers=headers)
        assert (answer.status_code == 412) is stale, answer.text
        if self._keep(answer) and {"patient", "pharmacogenetics"} & patch.keys():
            # A ceiling that has come down holds at once, and is lifted with the fact that set it.
            self.limited_anew.add(self.plan["revision"])

    @invariant()
    def everything_kept_is_sound(self) -> None:
        """Look at all that is kept."""
        plans = self._items("plans")
        assert [plan["revision"] for plan in plans] == list(range(1, len(plans) + 1))
        assert ledger.present_plans(plans) == plans[-1:]
        assert ledger.broken_links(plans) == []
        assert ledger.rising_steps(plans) == []
        assert ledger.raised_doses(plans, self.limited_anew) == []
        assert ledger.unexplained_changes(plans, self.opened | self.limited_anew) == []
        assert self._items("decisions") == self.decisions
        assert self._items("assessments") == self.assessments

    def _decide(self, **sent: Any) -> None:
        sent = {"decided_on": self.plan["as_of"], **sent}
        answer = self.client.post(f"/v1/plans/{self.plan['id']}/decisions", json=sent)
        before = self.plan["revision"]
        if self._keep(answer):
            self.decisions.append(answer.json()["decision"])
            if self.plan["revision"] > before:
                assert sent["action"] == "override"
                self.opened.add(self.plan["revision"])
                self.today = max(self.today, date.fromisoformat(sent["decided_on"]))

    def _keep(self, answer: httpx.Response) -> bool:
        assert answer.is_success or answer.status_code in REFUSALS, answer.text
        if not answer.is_success:
            assert answer.headers["Content-Type"] == "application/problem+json"
            return False
        self.plan: dict[str, Any] = answer.json()["plan"]
        self.episode: str = self.plan["episode_id"]
        return True

    def _items(self, name: str) -> list[dict[str, Any]]:
        return list(self.client.get(f"/v1/episodes/{self.episode}/{name}").json()["items"])


def test_no_order_of_requests_breaks_a_course(client: httpx.Client) -> None:
    class Here(AnyCourse):
        pass

    Here.client = client
    often = settings(max_examples=max(20, settings().max_examples // 5), stateful_step_count=15)
    run_state_machine_as_test(Here, settings=often)
