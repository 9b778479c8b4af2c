"""What the strategy adds to the admin."""

from wagtail.snippets.models import register_snippet

from sectors.admin import DirectoryGroup

register_snippet(DirectoryGroup)
