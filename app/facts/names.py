"""From the name of a medicine, as people write it, to the substances the knowledge base knows.

A whole name wins; else its parts ("a / b", "a with b"); else known names among its words, longest first. Only whole
words count: tamsulosin is not tacrolimus. What cannot be resolved is returned, never dropped.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from app.knowledge.base import KnowledgeBase

_PARTS = re.compile(r"\s*[+&,;]\s*|\s+(?:and|with|/)\s+")
_WORD = re.compile(r"\w+(?:['./-]\w+)*")
_BETWEEN_HYPHENS = re.compile(r"\w+(?:['.]\w+)*")
_STRENGTH = "0123456789."
# Words of strength, form and route: alone they name no medicine.
_PRESENTATION = frozenset(
    {"", "mg", "mcg", "ug", "g", "ml", "l", "iu", "ie", "unit", "units", "tablet", "tablets", "tab", "tabs", "capsule"}
    | {"capsules", "cap", "caps", "oral", "orally", "po", "iv", "sc", "im", "daily", "once", "twice", "day", "week"}
    | {"weekly", "film", "coated", "modified", "release", "prolonged", "extended", "immediate", "solution", "drops"}
    | {"suspension", "injection", "infusion", "cream", "ointment", "inhaler", "ds", "xl", "xr", "er", "sr"}
)

_SYSTEMIC_STEROID = "systemic_glucocorticoid"
# Forms that act where they are applied, and words of a form that reaches the whole body all the same.
_LOCAL = re.compile(r"\b(?:cream|ointment|lotion|topical|inhaler|inhaled|nasal|ophthalmic|(?:eye|ear|nose) drops?)\b")
_SYSTEMIC = re.compile(r"\b(?:tablets?|tabs?|capsules?|caps?|oral|orally|po|iv|im|injection|infusion)\b")


@dataclass(frozen=True, slots=True)
class Resolved:
    """The substances a name stands for, ingredients included, their classes, and the parts nobody knows."""

    substances: tuple[str, ...]
    classes: frozenset[str]
    unknown: tuple[str, ...]

    @property
    def keys(self) -> frozenset[str]:
        """Substances and classes together."""
        return self.classes.union(self.substances)


def resolve(name: str, rxnorm: str | None, kb: KnowledgeBase) -> Resolved:
    """Return what a free name and a code stand for; where the two disagree, both count."""
    coded = kb.names.get(rxnorm) if rxnorm else None
    found, unknown = _named(_plain(name), kb)
    keys = _with_ingredients((*found, coded) if coded else found, kb)
    return Resolved(
        substances=keys,
        classes=frozenset(group for key in keys for group in kb.substances[key].classes),
        unknown=unknown if keys else (name,),
    )


def resolve_taken(name: str, rxnorm: str | None, kb: KnowledgeBase) -> Resolved:
    """Return what a medication stands for: as `resolve`, but a steroid that only acts locally is returned unknown.

    It is no systemic steroid, and nothing else is known of it here. Whatever is in doubt (a code, a second drug, a
    word of a systemic form) counts as systemic.
    """
    found, plain = resolve(name, rxnorm, kb), _plain(name)
    local = bool(_LOCAL.search(plain)) and not (_SYSTEMIC.search(plain) or _PARTS.search(plain) or rxnorm in kb.names)
    if local and len(found.substances) == 1 and _SYSTEMIC_STEROID in found.classes:
        return Resolved((), frozenset(), (name,))
    return found


def _plain(name: str) -> str:
    """Return the name in lower case with single spaces and straight apostrophes."""
    return " ".join(unicodedata.normalize("NFKC", name).replace("\u2019", "'").casefold().split())


def _named(name: str, kb: KnowledgeBase) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the substances in a plain name and, beside them, the parts that hold none."""
    whole = kb.names.get(name)
    if whole is not None:
        return (whole,), ()
    parts = {part: _in_words(part, kb) for part in _PARTS.split(_with_loose_slashes(name, kb))}
    found = tuple(key for keys in parts.values() for key in keys)
    if not found:
        # The words on both sides of a separator may make one name.
        return _in_words(name, kb), ()
    return found, tuple(part for part, keys in parts.items() if not keys and _names_something(part))


def _with_loose_slashes(name: str, kb: KnowledgeBase) -> str:
    """Return the name with room around each slash, but for words such as `tmp/smx` that are names themselves."""
    return " ".join(word if word in kb.names else word.replace("/", " / ") for word in name.split())


def _names_something(part: str) -> bool:
    """Return whether a word is left beside strengths (`50`, `50mg`) and forms."""
    return any(word.lstrip(_STRENGTH) not in _PRESENTATION for word in _BETWEEN_HYPHENS.findall(part))


def _in_words(text: str, kb: KnowledgeBase) -> tuple[str, ...]:
    """Return the substances whose names stand in the text, hyphenated words kept whole at first."""
    return tuple(_longest_first(_WORD.findall(text), kb)) or tuple(_longest_first(_BETWEEN_HYPHENS.findall(text), kb))


def _longest_first(words: list[str], kb: KnowledgeBase) -> Iterator[str]:
    """Yield the longest known run of words, then what the words before and after it hold."""
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            run = " ".join(words[start : start + length])
            # A strength is not a code, although RxNorm codes are numbers too.
            if run in kb.names and not run.isdigit():
                yield from _longest_first(words[:start], kb)
                yield kb.names[run]
                yield from _longest_first(words[start + length :], kb)
                return


def _with_ingredients(keys: tuple[str, ...], kb: KnowledgeBase) -> tuple[str, ...]:
    """Return each key once, combination products followed by what they contain."""
    expanded = (part for key in keys for part in (key, *kb.substances[key].ingredients))
    return tuple(dict.fromkeys(expanded))
