"""Models of progress: targets, and what was stated about them."""

from nelis.progress.models.statements import TargetStatement
from nelis.progress.models.targets import TargetIndexPage, TargetPage

__all__ = ["TargetIndexPage", "TargetPage", "TargetStatement"]
