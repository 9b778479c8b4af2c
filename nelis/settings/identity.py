"""What is this region's own in the settings. Another region changes this file, the content files and the look.

``docs/another-region.md`` lists all places.
"""

#: The name of the site in two parts: the masthead sets them on two lines.
SITE_NAME_PARTS = ("North East", "Local Industrial Strategy")
SITE_NAME = " ".join(SITE_NAME_PARTS)
WAGTAIL_SITE_NAME = SITE_NAME

#: Who runs the site, and how they are reached by post or telephone, on one line: they stand at the foot of every email.
#: The body hasn't been named yet. `manage.py check --deploy` says so until this or the environment does.
ORGANISATION_NAME = ""
ORGANISATION_CONTACT = ""

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
# Nobody chooses others for an account: what staff make, other people read.
WAGTAILADMIN_PERMITTED_LANGUAGES = [(LANGUAGE_CODE, "British English")]
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
