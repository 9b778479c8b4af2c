"""What evidence adds to the admin."""

from wagtail.snippets.models import register_snippet

from nelis.evidence.admin import EvidenceGroup

register_snippet(EvidenceGroup)
