"""The WSGI entry point. ``DJANGO_SETTINGS_MODULE`` must be set, so that no environment runs on another's settings."""

from django.core.wsgi import get_wsgi_application

from nelis.core.wsgi import checked_application

application = checked_application(get_wsgi_application())
