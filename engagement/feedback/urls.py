"""Where rounds are read about and answered."""

from django.urls import path

from engagement.feedback.views import answering, rounds, wall

app_name = "feedback"

urlpatterns = [
    path("", rounds.rounds, name="rounds"),
    path("join/", rounds.join, name="join"),
    path("join/<slug:code>/", rounds.join, name="join_code"),
    path("wall/<slug:code>/", wall.wall, name="wall"),
    path("<slug:slug>/", rounds.feedback_round, name="round"),
    path("<slug:slug>/answer/<int:step>/", answering.answer, name="answer"),
    path("<slug:slug>/about-you/", answering.about_you, name="about_you"),
    path("<slug:slug>/check/", answering.check, name="check"),
    path("<slug:slug>/receipt/", answering.receipt, name="receipt"),
    path("<slug:slug>/return/", answering.come_back, name="return"),
    path("<slug:slug>/withdraw/", answering.withdraw, name="withdraw"),
]
