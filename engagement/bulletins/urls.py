"""The archive of bulletins: public addresses, which stand in mails for ever."""

from django.urls import path

from engagement.bulletins.archive import BulletinsAtom, archive, bulletin

app_name = "bulletins"

urlpatterns = [
    path("", archive, name="archive"),
    path("atom/", BulletinsAtom(), name="feed"),
    path("<slug:slug>/", bulletin, name="bulletin"),
]
