"""The mailing list's public addresses. Those of ``leave`` and ``choices`` stand in mails for ever: they stay."""

from django.urls import path

from engagement.mailing_list.views import confirming, joining, leaving, managing, requests

app_name = "mailing_list"

urlpatterns = [
    path("", joining.join, name="join"),
    path("start/", joining.start, name="start"),
    path("check-your-mail/", joining.asked, name="asked"),
    path("confirm/", confirming.confirm, name="confirm"),
    path("confirmed/", confirming.confirmed, name="confirmed"),
    path("link/", requests.link, name="link"),
    path("link/sent/", requests.link_sent, name="link_sent"),
    path("choices/", requests.choices, name="choices"),
    path("manage/", managing.manage, name="manage"),
    path("manage/held/", managing.held, name="held"),
    path("manage/data.json", managing.data, name="data"),
    path("manage/erase/", managing.erase, name="erase"),
    path("erased/", managing.erased, name="erased"),
    path("leave/", leaving.leave, name="leave"),
    path("left/", leaving.left, name="left"),
    path("undo/", leaving.undo, name="undo"),
    path("back/", leaving.back, name="back"),
]
