"""Addresses of the pages on which a round's answers are read, below those of the round's desk."""

from django.urls import path

from engagement.feedback.admin import codes, coding, duplicates, exports, figures, inbox, responses

urlpatterns = [
    path("responses/", inbox.Inbox.as_view(), name="feedback_inbox"),
    path("responses/next/", coding.Next.as_view(), name="feedback_next"),
    path("responses/<int:number>/", responses.ResponsePage.as_view(), name="feedback_response"),
    path("counts/", figures.Answers.as_view(), name="feedback_answers"),
    path("codes/", codes.Codes.as_view(), name="feedback_codes"),
    path("codes/<int:number>/", codes.CodePage.as_view(), name="feedback_code"),
    path("coding/", coding.Coding.as_view(), name="feedback_coding"),
    path("agreement/", coding.Agreement.as_view(), name="feedback_agreement"),
    path("duplicates/", duplicates.Duplicates.as_view(), name="feedback_duplicates"),
    path("who/", figures.Representation.as_view(), name="feedback_representation"),
    path("files/", exports.Exports.as_view(), name="feedback_exports"),
    path("record/", figures.Record.as_view(), name="feedback_record"),
]
