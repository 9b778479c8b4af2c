"""Where search leads to for what the site's single pages list."""

from engagement.feedback.models import Question
from nelis.core.models import GlossaryTerm
from nelis.core.search.places import finds, only_page, page_address, public_pages
from nelis.home.models import FAQ, EventPage, GovernanceBody, TimelineEvent
from sectors.models import Contact

__all__: list[str] = []


@finds("core.GlossaryTerm")
def glossary_term(thing: GlossaryTerm) -> str:
    """Its entry in the glossary."""
    return only_page("home.GlossaryPage", thing.anchor)


@finds("home.FAQ")
def faq(thing: FAQ) -> str:
    """Its answer among the questions people ask."""
    return only_page("home.FAQPage", thing.anchor)


@finds("home.GovernanceBody")
def governance_body(thing: GovernanceBody) -> str:
    """Its entry on the page of who decides."""
    return only_page("home.GovernancePage", thing.anchor)


@finds("home.TimelineEvent")
def timeline_event(thing: TimelineEvent) -> str:
    """Its line on the timeline."""
    return only_page("home.TimelinePage", thing.anchor)


@finds("sectors.Contact")
def contact(thing: Contact) -> str:
    """Its card on the contact page."""
    return only_page("home.ContactPage", thing.anchor)


@finds("feedback.Question")
def question(thing: Question) -> str:
    """The latest event at which it was discussed."""
    events = EventPage.objects.filter(
        pk__in=public_pages().values("pk"), question_sets__question_set=thing.question_set_id
    )
    return page_address(events.order_by("-date").first(), thing.anchor)
