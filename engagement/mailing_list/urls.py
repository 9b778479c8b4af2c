"""Public URLs of the mailing list. Those of ``leave`` and ``choices`` stand in emails for ever: they stay."""

from django.urls import path

from engagement.mailing_list.views import preferences, signup, unsubscribe

app_name = "mailing_list"

urlpatterns = [
    path("", signup.signup, name="signup"),
    path("start/", signup.signup_start, name="signup_start"),
    path("check-your-mail/", signup.check_mail, name="check_mail"),
    path("confirm/", signup.confirm, name="confirm"),
    path("confirmed/", signup.confirmed, name="confirmed"),
    path("link/", preferences.request_link, name="request_link"),
    path("link/sent/", preferences.link_sent, name="link_sent"),
    path("choices/", preferences.preferences_link, name="preferences_link"),
    path("manage/", preferences.preferences, name="preferences"),
    path("manage/held/", preferences.your_data, name="your_data"),
    path("manage/data.json", preferences.download_data, name="download_data"),
    path("manage/erase/", preferences.erase, name="erase"),
    path("new-address/", preferences.new_address, name="new_address"),
    path("new-address/done/", preferences.address_changed, name="address_changed"),
    path("erased/", preferences.erased, name="erased"),
    path("leave/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("left/", unsubscribe.unsubscribed, name="unsubscribed"),
    path("undo/", unsubscribe.undo_unsubscribe, name="undo_unsubscribe"),
    path("back/", unsubscribe.resubscribed, name="resubscribed"),
]
