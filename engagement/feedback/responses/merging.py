"""Merge what came back from a page with what was saved since that page was shown. No database.

Two tabs, or two devices, can show the same page of one response. Each page sends back what it showed: for every control
that had something in it, a digest. What differs from that was changed by the person; what doesn’t, they left alone, and
whatever is saved there stays. Where both the person and somebody else’s page changed a control, the person decides.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Protocol

from engagement.feedback.responses.parsing import AnswerData, ParsedPage, StanceData
from engagement.feedback.schema import COMMENT_PARTS, FormPage

__all__ = [
    "Merge",
    "control_values",
    "describe_shown",
    "merge",
    "merged_page",
    "merged_respondent",
    "parse_shown",
    "respondent_values",
]

_DIGEST_BYTES = 8
#: More than any page has controls: what is sent beyond that was made up.
_MAX_CONTROLS = 400


class FilledIn(Protocol):
    """What is filled in on a page: saved, or parsed."""

    @property
    def answers(self) -> Mapping[str, AnswerData]: ...

    @property
    def stances(self) -> Mapping[str, StanceData]: ...


@dataclass(frozen=True, slots=True)
class Merge:
    """The names of the controls to save, and of those in ``conflict``, with what is saved there."""

    changed: frozenset[str]
    conflicts: dict[str, str]


def control_values(page: FormPage, filled_in: FilledIn) -> dict[str, str]:
    """What each control of a page shows of it, by its name; choices that aren’t offered are shown by none.

    Leaves out the questions and propositions that ``filled_in`` doesn’t have.
    """
    values = {}
    for rated in page.propositions:
        if (stance := filled_in.stances.get(rated.key)) is not None:
            values[rated.key] = stance.stance
            values |= {f"{rated.key}-{part}": stance.parts.get(part, "") for part in COMMENT_PARTS}
    for question in page.questions:
        if (answer := filled_in.answers.get(question.key)) is not None:
            chosen = "\n".join(choice for choice in question.choices if choice in answer.chosen)
            values[question.key] = chosen if question.choices else answer.text
    return values


def describe_shown(values: Mapping[str, str]) -> str:
    """What a page shows, as its hidden field sends it back: the digest of every control that isn’t empty."""
    return " ".join(f"{name}:{_digest(value)}" for name, value in values.items() if value)


def parse_shown(posted: str) -> dict[str, str]:
    """The digests that a page sent back. What is damaged or missing counts as shown empty, so that nothing is lost."""
    pairs = (entry.partition(":") for entry in posted.split()[:_MAX_CONTROLS])
    return {name: digest for name, _, digest in pairs if digest}


def merge(
    sent: Mapping[str, str], saved: Mapping[str, str], shown: Mapping[str, str], keep: Collection[str] = ()
) -> Merge:
    """Compare what was sent, what is saved and what was shown (digests), control by control.

    ``keep`` names the controls whose saved value the person chose over what they had typed.
    """
    changed, conflicts = set(), {}
    for name, value in sent.items():
        before, now = shown.get(name, ""), saved.get(name, "")
        if name in keep or value == now or _digest(value) == before:
            continue
        if _digest(now) == before:
            changed.add(name)
        else:
            conflicts[name] = now
    return Merge(frozenset(changed), conflicts)


def merged_page(sent: ParsedPage, saved: FilledIn, names: Collection[str]) -> ParsedPage:
    """The page with the controls that ``names`` holds as they were sent, and the others as they are saved."""
    answers = {
        key: answer if key in names else saved.answers.get(key, AnswerData()) for key, answer in sent.answers.items()
    }
    stances = {}
    for key, stance in sent.stances.items():
        before = saved.stances.get(key, StanceData())
        parts = {part: (stance if f"{key}-{part}" in names else before).parts.get(part, "") for part in COMMENT_PARTS}
        stances[key] = StanceData((stance if key in names else before).stance, parts)
    return ParsedPage(answers, stances, {})


def respondent_values(values: Mapping[str, Any]) -> dict[str, str]:
    """What somebody says about themselves as text, by the names of the fields that are merged."""
    texts: dict[str, str] = {}
    for name in sorted(values):
        # That they weren’t at the event is an answer; that a box has no tick is none.
        is_said = values[name] or (name == "attended" and values[name] is False)
        word = str(values[name]) if is_said else ""
        texts[_merged_as(name)] = " ".join(filter(None, [texts.get(_merged_as(name), ""), word]))
    return texts


def merged_respondent(sent: Mapping[str, Any], saved: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """The fields that ``names`` holds as they were sent, and the others as they are saved."""
    return {name: (sent if _merged_as(name) in names else saved)[name] for name in sent}


def _merged_as(name: str) -> str:
    """The field that one is merged with: leave to write to somebody is leave for the address it was given with."""
    return "address" if name == "may_contact" else name


def _digest(value: str) -> str:
    """A short digest; empty for nothing."""
    return blake2b(value.encode(), digest_size=_DIGEST_BYTES).hexdigest() if value else ""
