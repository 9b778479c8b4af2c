"""What the site as a whole adds to the admin."""

from wagtail.snippets.models import register_snippet

import nelis.core.admin.hooks  # noqa: F401 - registers itself
from nelis.home.admin import ReferenceGroup

register_snippet(ReferenceGroup)
