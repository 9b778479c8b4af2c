"""What is this region's own in the settings. Another region changes this file, the content files and the look.

``docs/another-region.md`` lists all places.
"""

#: The name of the site in two parts: the masthead sets them on two lines.
SITE_NAME_PARTS = ("North East", "Local Industrial Strategy")
SITE_NAME = " ".join(SITE_NAME_PARTS)
WAGTAIL_SITE_NAME = SITE_NAME

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
