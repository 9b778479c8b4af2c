"""What the site as a whole adds to the admin."""

from wagtail.snippets.models import register_snippet

from nelis.home.admin import ReferenceGroup

register_snippet(ReferenceGroup)
