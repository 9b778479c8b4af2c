from engagement.feedback.models.questions import Question, QuestionSet

__all__ = ["Question", "QuestionSet"]
