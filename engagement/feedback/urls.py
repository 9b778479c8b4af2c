"""The URLs of the public pages of feedback."""

from django.urls import include, path

from engagement.feedback.views import answer_views, not_mine, results, rounds, submission_views

app_name = "feedback"

of_rounds = [
    path("", rounds.round_list, name="rounds"),
    path("wall/<str:code>/", rounds.wall, name="wall"),
    path("not-mine/", not_mine.not_mine, name="not_mine"),
    path("withdraw-mine/", not_mine.withdraw_mine, name="withdraw_mine"),
    path("<slug:slug>/", rounds.round_detail, name="round"),
    path("<slug:slug>/answer/<int:step>/", answer_views.answer_page, name="answer"),
    path("<slug:slug>/about-you/", submission_views.about_you, name="about_you"),
    path("<slug:slug>/table/", submission_views.table_size, name="table"),
    path("<slug:slug>/check/", submission_views.check, name="check"),
    path("<slug:slug>/receipt/", submission_views.receipt, name="receipt"),
    path("<slug:slug>/return/", submission_views.return_with_code, name="return"),
    path("<slug:slug>/withdraw/", submission_views.withdraw, name="withdraw"),
    path("<slug:slug>/results/", results.results, name="results"),
    path("<slug:slug>/outcome/", results.outcome_lookup, name="outcome"),
    path("<slug:slug>/data/", results.open_data, name="data"),
    path("<slug:slug>/data/<slug:name>.<slug:kind>", results.open_data_file, name="data_file"),
]

urlpatterns = [
    # Short, because people in a room type it.
    path("join/", rounds.join_session, name="join"),
    path("join/<str:code>/", rounds.join_session, name="join_code"),
    path("feedback/", include(of_rounds)),
]
