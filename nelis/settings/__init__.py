"""Settings: ``base`` is shared; ``dev``, ``test``, ``local`` and ``production`` override it.

Pick one with ``DJANGO_SETTINGS_MODULE``. All read their environment through ``environment``.
"""
