"""How far a proposition has come."""

from django.db import models

__all__ = ["STEPS", "Stage"]


class Stage(models.TextChoices):
    """How far a proposition has come. The first eight are steps on a line, in order."""

    IDEA = "idea", "Idea"
    PROPOSED = "proposed", "Proposed at summit"
    DRAFT = "draft", "In draft strategy"
    SUBMITTED = "submitted", "Submitted"
    AGREED = "agreed", "Agreed"
    FUNDED = "funded", "Funded"
    DELIVERING = "delivering", "Delivering"
    COMPLETE = "complete", "Complete"
    DROPPED = "dropped", "Dropped"


#: The stages that lie on the line; ``dropped`` leaves it.
STEPS = [stage for stage in Stage if stage is not Stage.DROPPED]
