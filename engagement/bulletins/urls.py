"""The URLs of the archive. They are in emails that were sent, so they never change."""

from django.urls import path

from engagement.bulletins.views import BulletinsFeed, bulletin_archive, bulletin_detail

app_name = "bulletins"

urlpatterns = [
    path("", bulletin_archive, name="archive"),
    path("atom/", BulletinsFeed(), name="feed"),
    path("<slug:slug>/", bulletin_detail, name="bulletin"),
]
