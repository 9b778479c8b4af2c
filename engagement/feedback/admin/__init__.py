"""Questions to the public, and rounds of them, in the admin."""

from engagement.feedback.admin.paper import BlankSheet, PaperSheet, PaperWithdrawal, Sheets
from engagement.feedback.admin.posters import NewCode, PosterDrawing, Posters, PosterSheets
from engagement.feedback.admin.rounds import Desk, RoundViewSet, Step
from engagement.feedback.admin.viewsets import QuestionSetViewSet

__all__ = [
    "BlankSheet",
    "Desk",
    "NewCode",
    "PaperSheet",
    "PaperWithdrawal",
    "PosterDrawing",
    "PosterSheets",
    "Posters",
    "QuestionSetViewSet",
    "RoundViewSet",
    "Sheets",
    "Step",
]
