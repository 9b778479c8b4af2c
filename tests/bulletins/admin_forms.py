"""What the tests of the admin share: the form of a bulletin, its dashboard, and its buttons."""

from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from engagement.bulletins import workflow


def bulletin_form(**changes):
    data = {
        "subject": "Kites again",
        "preheader": "They fly.",
        "slug": "kites-again",
        "is_public": "on",
        "body": streamfield(
            [
                ("lead", "Kites are made again."),
                ("heading", "Why now"),
                ("text", rich_text("<p>Because of the wind.</p>")),
                ("button", {"label": "See them", "page": "", "address": "https://example.org/"}),
            ]
        ),
    }
    return nested_form_data(data | changes)


def reopened_form(bulletin, **changes):
    """The form of a bulletin that is there, as its page was opened just now."""
    return bulletin_form(seen=str(workflow.last_edit(bulletin).pk), **changes)


def dashboard(bulletin):
    return reverse("bulletin_dashboard", args=[bulletin.pk])


def send_now(client, bulletin, **form):
    """Press “Send now” and confirm it, with the number of people that the page shows."""
    url = reverse("bulletin_send_now", args=[bulletin.pk])
    if not form:
        page = BeautifulSoup(client.get(url).content, "html.parser")
        field = page.find("input", {"name": "people"})
        form = {"people": field["value"]} if field else {}
    return client.post(url, form)


def press(client, bulletin, step, **more):
    return client.post(reverse("bulletin_action", args=[bulletin.pk]), {"step": step} | more)
