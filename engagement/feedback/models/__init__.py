"""Questions, rounds, the forms made of them, and the answers."""

from engagement.feedback.models.coding import Code, Coding, Reading, Redaction, Settlement
from engagement.feedback.models.forms import FormVersion
from engagement.feedback.models.log import RoundEvent
from engagement.feedback.models.news import OutcomeMail, WrongReference
from engagement.feedback.models.outcomes import OfficialResponse, Outcome, Quotation, Theme
from engagement.feedback.models.questions import Question, QuestionSet
from engagement.feedback.models.responses import Answer, PropositionResponse, Respondent, Response
from engagement.feedback.models.rounds import (
    FeedbackRound,
    QuestionKind,
    RatedProposition,
    RoundQuestion,
    RoundSession,
)
from engagement.feedback.models.staff import Distinct, Export
from engagement.feedback.models.wall import Approval, Wall

__all__ = [
    "Answer",
    "Approval",
    "Code",
    "Coding",
    "Distinct",
    "Export",
    "FeedbackRound",
    "FormVersion",
    "OfficialResponse",
    "Outcome",
    "OutcomeMail",
    "PropositionResponse",
    "Question",
    "QuestionKind",
    "QuestionSet",
    "Quotation",
    "RatedProposition",
    "Reading",
    "Redaction",
    "Respondent",
    "Response",
    "RoundEvent",
    "RoundQuestion",
    "RoundSession",
    "Settlement",
    "Theme",
    "Wall",
    "WrongReference",
]
