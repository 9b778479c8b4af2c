from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "engagement.feedback"
    label = "feedback"
    verbose_name = "Feedback"
