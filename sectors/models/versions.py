"""Versions of a proposition: numbered, never edited and never deleted; and the document that each stores."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models

from nelis.core.models.abstract import AppendOnlyModel
from sectors.models.propositions import PropositionPage, Stage

#: Raised when the form below changes, so that documents stored in an older one can be told apart.
FORM = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One statement: a paragraph of text, an ask, a link with its basis, a figure with its source.

    ``key`` says which line of another version it is to be compared with; several lines may share one. ``mark`` is
    the kind of basis (stated, inferred, against, disputed, missing) or empty, ``basis`` the same in words.
    """

    key: str
    text: str
    label: str = ""
    mark: str = ""
    basis: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of one kind, under the heading readers see."""

    key: str
    label: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The whole of it, section by section."""

    sections: tuple[Section, ...]

    def as_data(self) -> dict[str, Any]:
        """The document as plain data that JSON can hold."""
        return {"form": FORM, **asdict(self)}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Document":
        """The document that ``as_data`` gave."""
        return cls(
            tuple(
                Section(section["key"], section["label"], tuple(Line(**line) for line in section["lines"]))
                for section in data["sections"]
            )
        )


def content_hash(data: dict[str, Any]) -> str:
    """The SHA-256 of ``data``, in hexadecimal.

    It is taken of the JSON text with keys in order, no blanks and no escapes, in UTF-8, so that anybody can
    reckon it again from the JSON of a version.
    """
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class PropositionVersion(AppendOnlyModel):
    """What a proposition said at one time, with its links, figures and asks as they read then.

    It rests on the Wagtail revision that was published, which it keeps from being cleared away.
    """

    class Reason(models.TextChoices):
        FIRST = "first", "First published"
        CONTENT = "content", "Changed"
        STAGE = "stage", "New stage"
        CORRECTION = "correction", "Correction"

    proposition = models.ForeignKey(PropositionPage, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    revision = models.OneToOneField("wagtailcore.Revision", on_delete=models.PROTECT, related_name="public_version")
    entry = models.OneToOneField("core.ChangeEntry", on_delete=models.PROTECT, related_name="version")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    stage = models.CharField(max_length=12, choices=Stage.choices)
    label = models.CharField(max_length=120)
    published_at = models.DateTimeField()
    change_note = models.CharField(max_length=200, blank=True)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["proposition", "number"]
        constraints = [models.UniqueConstraint(fields=["proposition", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"Version {self.number}, {self.label}"

    @classmethod
    def newest_first(cls, page: PropositionPage) -> list["PropositionVersion"]:
        """The versions of ``page`` without their content, the newest first. One query."""
        versions = cls.objects.filter(proposition=page.pk).select_related("corrects", "entry")
        return list(versions.defer("content", "corrects__content").order_by("-number"))

    @property
    def document(self) -> Document:
        """What it says."""
        return Document.from_data(self.content)

    @property
    def title(self) -> str:
        """What the proposition was called then."""
        return next((line.text for section in self.document.sections for line in section.lines), "")

    @property
    def is_intact(self) -> bool:
        """Whether its content still has the hash that it was published with."""
        return content_hash(self.content) == self.content_hash

    def as_data(self) -> dict[str, Any]:
        """The version for other programs."""
        return {
            "number": self.number,
            "label": self.label,
            "stage": self.stage,
            "published_at": self.published_at.isoformat(),
            "reason": self.reason,
            "change_note": self.change_note,
            "corrects": self.corrects.number if self.corrects else None,
            "content_hash": self.content_hash,
            "content": self.content,
        }
