"""Where search leads to for what the site's single pages list."""

from engagement.feedback.models import Question
from nelis.core.models import GlossaryTerm
from nelis.core.search.urls import public_page_url, public_pages, single_page_url, url_resolver
from nelis.home.models import FAQ, EventPage, GovernanceBody, TimelineEvent, TimelinePage
from sectors.models import Contact

__all__: list[str] = []


@url_resolver("core.GlossaryTerm")
def glossary_term(thing: GlossaryTerm) -> str:
    """Its entry in the glossary."""
    return single_page_url("home.GlossaryPage", thing.anchor)


@url_resolver("home.FAQ")
def faq(thing: FAQ) -> str:
    """Its answer among the questions people ask."""
    return single_page_url("home.FAQPage", thing.anchor)


@url_resolver("home.GovernanceBody")
def governance_body(thing: GovernanceBody) -> str:
    """Its entry on the page of who decides."""
    return single_page_url("home.GovernancePage", thing.anchor)


@url_resolver("home.TimelineEvent")
def timeline_event(thing: TimelineEvent) -> str:
    """Its line on the timeline."""
    return public_page_url(TimelinePage.showing(thing), thing.anchor)


@url_resolver("sectors.Contact")
def contact(thing: Contact) -> str:
    """Its card on the contact page."""
    return single_page_url("home.ContactPage", thing.anchor)


@url_resolver("feedback.Question")
def question(thing: Question) -> str:
    """The latest event at which it was discussed."""
    events = EventPage.objects.filter(
        pk__in=public_pages().values("pk"), question_sets__question_set=thing.question_set_id
    )
    return public_page_url(events.order_by("-date").first(), thing.anchor)
