"""Where rounds are read about and answered."""

from django.urls import include, path

from engagement.feedback.views import answering, filling, not_mine, open_data, outcome, results, rounds, wall

app_name = "feedback"

of_rounds = [
    path("", rounds.rounds, name="rounds"),
    path("wall/<slug:code>/", wall.wall, name="wall"),
    path("not-mine/", not_mine.not_mine, name="not_mine"),
    path("<slug:slug>/", rounds.feedback_round, name="round"),
    path("<slug:slug>/answer/<int:step>/", filling.answer, name="answer"),
    path("<slug:slug>/about-you/", answering.about_you, name="about_you"),
    path("<slug:slug>/table/", answering.table, name="table"),
    path("<slug:slug>/check/", answering.check, name="check"),
    path("<slug:slug>/receipt/", answering.receipt, name="receipt"),
    path("<slug:slug>/return/", answering.come_back, name="return"),
    path("<slug:slug>/withdraw/", answering.withdraw, name="withdraw"),
    path("<slug:slug>/results/", results.results, name="results"),
    path("<slug:slug>/outcome/", outcome.outcome, name="outcome"),
    path("<slug:slug>/data/", open_data.data, name="data"),
    path("<slug:slug>/data/<slug:name>.<slug:kind>", open_data.file, name="data_file"),
]

urlpatterns = [
    # Short, because people in a room type it.
    path("join/", rounds.join, name="join"),
    path("join/<slug:code>/", rounds.join, name="join_code"),
    path("feedback/", include(of_rounds)),
]
