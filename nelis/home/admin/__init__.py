"""Reference material in the admin: bodies, timeline, questions and answers, glossary, question sets."""

from nelis.home.admin.viewsets import ReferenceGroup

__all__ = ["ReferenceGroup"]
