"""The episodes shown in the contract, the one that is tried first in front. Tests post every one of them."""

EPISODE_EXAMPLES = {
    "typical": "Relapse of autoimmune hepatitis after withdrawal, everything known",
    "minimal": "Only what is required: the answer says what is missing",
    "missing_data": "Weight not known: nothing is recommended, the plan says what to send",
    "blocked": "White cells too low: azathioprine is blocked, prednisone alone",
    "conflict": "Good response before, severe flare: contradicting trough targets are shown",
}

PATCH_EXAMPLES = {"patch_new_medication": "A strong CYP3A inhibitor was started: alerts are raised at once"}
