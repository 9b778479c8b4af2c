"""URLs of complaints in the admin."""

from django.urls import path

from engagement.complaints.admin import views

app_name = "complaints_admin"

urlpatterns = [
    path("", views.ComplaintListView.as_view(), name="complaints"),
    path("log/", views.ComplaintLogView.as_view(), name="log"),
    path("set-apart/", views.SetApartView.as_view(), name="set_apart"),
    path("set-apart/discard/", views.DiscardSetApartView.as_view(), name="discard_set_apart"),
    path("<int:pk>/", views.ComplaintDetailView.as_view(), name="complaint"),
    path("<int:pk>/acknowledge/", views.AcknowledgeView.as_view(), name="acknowledge"),
    path("<int:pk>/answer/", views.AnswerView.as_view(), name="answer"),
    path("<int:pk>/take-back/", views.TakeBackView.as_view(), name="take_back"),
    path("<int:pk>/note/", views.NoteView.as_view(), name="note"),
]
