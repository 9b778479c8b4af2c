"""The mailing list's public addresses. Those of ``leave`` and ``choices`` stand in mails for ever: they stay."""

from django.urls import path

from engagement.mailing_list.views import leaving, requests

app_name = "mailing_list"

urlpatterns = [
    path("leave/", leaving.leave, name="leave"),
    path("choices/", requests.choices, name="choices"),
]
