"""A course of treatment as a hospital system drives it over the contract: one patient, request by request."""

from typing import Any

import httpx

from tests.builders import body, labs

NORMAL: dict[str, float | None] = {"alt": 30, "ast": 28, "igg": 15}
IMPROVING: dict[str, float | None] = {"alt": 80, "ast": 60, "igg": 17}
COMBINATION = "prednisone_azathioprine"
_MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}


class Course:
    """A stored episode with its present plan and version."""

    def __init__(self, client: httpx.Client, **changes: Any) -> None:
        self.client = client
        self._keep(self._expect(201, client.post("/v1/episodes", json=body(**changes))))

    def accept(self, option_id: str = COMBINATION, **more: Any) -> dict[str, Any]:
        """Accept an option of the present plan on the plan's own day."""
        return self.decide(action="accept", option_id=option_id, **more)

    def decide(self, status: int = 201, **sent: Any) -> dict[str, Any]:
        """Send a decision about the present plan, by default dated on the plan's own day; return the answer."""
        sent = {"decided_on": self.plan["as_of"], **sent}
        return self._taken(status, self.client.post(f"/v1/plans/{self.plan['id']}/decisions", json=sent))

    def assess(self, day: str, values: dict[str, float | None], status: int = 201, **sent: Any) -> dict[str, Any]:
        """Send a full set of results of a day, no findings and confirmed adherence unless told otherwise."""
        whole = {"assessed_on": day, "labs": labs(day, **values), "findings": [], "adherence_confirmed": True, **sent}
        return self._taken(status, self.client.post(f"/v1/episodes/{self.id}/assessments", json=whole))

    def change(self, patch: dict[str, Any], status: int = 200) -> dict[str, Any]:
        """Send changed facts of the present version."""
        version = {"If-Match": self.client.get(f"/v1/episodes/{self.id}").headers["ETag"]}
        answer = self.client.patch(f"/v1/episodes/{self.id}", json=patch, headers=_MERGE_PATCH | version)
        return self._taken(status, answer)

    def plans(self) -> list[dict[str, Any]]:
        """Return every revision, oldest first."""
        return list(self.client.get(f"/v1/episodes/{self.id}/plans").json()["items"])

    def doses(self) -> dict[str, dict[str, float]]:
        """Return the schedule of the present plan: doses by first day."""
        return {step["starts_on"]: step["doses"] for step in self.plan["taper"]["steps"]}

    def dose_today(self) -> dict[str, float]:
        """Return the doses of the step that is being taken."""
        return next(step["doses"] for step in self.plan["taper"]["steps"] if step["status"] in ("current", "floor"))

    def _taken(self, status: int, answer: httpx.Response) -> dict[str, Any]:
        found = self._expect(status, answer)
        if answer.is_success:
            self._keep(found)
        return found

    def _keep(self, answer: dict[str, Any]) -> None:
        self.plan: dict[str, Any] = answer["plan"]
        self.id: str = self.plan["episode_id"]

    @staticmethod
    def _expect(status: int, answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found


def codes(items: list[dict[str, Any]]) -> set[str]:
    """Return the codes of remarks, alerts or tasks."""
    return {item["code"] for item in items}


def option(plan: dict[str, Any], option_id: str) -> dict[str, Any]:
    """Return an option of a plan."""
    return next(item for item in plan["options"] if item["id"] == option_id)
