"""How hard properties are tried: the same examples on every change, many new ones at night."""

import os

from hypothesis import settings

# No deadline: how long an example takes says something about the machine, not about the property.
settings.register_profile("ci", derandomize=True, max_examples=100, deadline=None)
settings.register_profile("nightly", max_examples=2000, deadline=None, print_blob=True)


def load_profile() -> None:
    """Use the profile that HYPOTHESIS_PROFILE names, `ci` unless it does."""
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
