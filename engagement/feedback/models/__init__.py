"""Questions, rounds, the forms made of them, and the answers."""

from engagement.feedback.models.forms import FormVersion
from engagement.feedback.models.log import RoundEvent
from engagement.feedback.models.questions import Question, QuestionSet
from engagement.feedback.models.responses import Answer, PropositionResponse, Respondent, Response
from engagement.feedback.models.rounds import (
    FeedbackRound,
    QuestionKind,
    RatedProposition,
    RoundQuestion,
    RoundSession,
)

__all__ = [
    "Answer",
    "FeedbackRound",
    "FormVersion",
    "PropositionResponse",
    "Question",
    "QuestionKind",
    "QuestionSet",
    "RatedProposition",
    "Respondent",
    "Response",
    "RoundEvent",
    "RoundQuestion",
    "RoundSession",
]
