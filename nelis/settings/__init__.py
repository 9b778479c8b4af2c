"""Settings: ``base`` holds what is common; ``dev``, ``test``, ``local`` and ``production`` differ from it.

Pick one with ``DJANGO_SETTINGS_MODULE``. All read their environment through ``environment``.
"""
