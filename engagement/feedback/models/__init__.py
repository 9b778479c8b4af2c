"""Questions, rounds, the forms made of them, and the answers."""

from engagement.feedback.models.coding import Adjudication, Code, Coding, CompletedCoding, Redaction
from engagement.feedback.models.forms import FormVersion
from engagement.feedback.models.outcome_mails import OutcomeMail, WrongCode
from engagement.feedback.models.outcomes import OfficialResponse, Outcome, Quotation, ResultsEdition, Theme
from engagement.feedback.models.questions import Question, QuestionSet
from engagement.feedback.models.responses import Answer, PropositionResponse, Respondent, Response
from engagement.feedback.models.rounds import (
    CHOICE_GROUPS,
    FeedbackRound,
    QuestionKind,
    RoundProposition,
    RoundQuestion,
    RoundSession,
)
from engagement.feedback.models.staff_records import DuplicateDismissal, Export, RoundEvent
from engagement.feedback.models.wall import Approval, Wall

__all__ = [
    "CHOICE_GROUPS",
    "Adjudication",
    "Answer",
    "Approval",
    "Code",
    "Coding",
    "CompletedCoding",
    "DuplicateDismissal",
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
    "Redaction",
    "Respondent",
    "Response",
    "ResultsEdition",
    "RoundEvent",
    "RoundProposition",
    "RoundQuestion",
    "RoundSession",
    "Theme",
    "Wall",
    "WrongCode",
]
