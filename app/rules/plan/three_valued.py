"""Yes, no and unknown: `None` is unknown, and unknown is never no."""

Answer = bool | None


def any_of(*answers: Answer) -> Answer:
    """Whether one answer is yes; unknown when none is yes but one is unknown."""
    if True in answers:
        return True
    return None if None in answers else False


def all_of(*answers: Answer) -> Answer:
    """Whether every answer is yes; unknown when none is no but one is unknown."""
    if False in answers:
        return False
    return None if None in answers else True


def spoken(answer: Answer) -> str:
    """Return the word for an answer."""
    return {True: "yes", False: "no", None: "unknown"}[answer]
