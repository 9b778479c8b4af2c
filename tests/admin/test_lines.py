"""Lines from evidence, in the form of a proposition: mistakes are said beside the line, and nothing typed is lost."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from nelis.evidence.models import Finding
from sectors.models import PropositionPage, TraceLink
from tests.admin.site import PUBLISH, body_of, resent


@pytest.fixture
def send(world, signed_in):
    """Sends the form of a published proposition with these lines; gives the page that comes back."""
    page = world.make(PropositionPage)
    client = signed_in("Administrator")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])

    def send(*lines):
        form = {name: value for name, value in resent(client, edit).items() if not name.startswith("trace_links-")}
        form |= body_of(world.form(PropositionPage)) | nested_form_data({"trace_links": inline_formset(list(lines))})
        return client.post(edit, form | PUBLISH, follow=True)

    send.client = client
    return send


def said(response):
    """What the errors on the page say."""
    found = BeautifulSoup(response.content, "html.parser").select(".w-field__errors, .help-critical, .error-message")
    return " ".join(" ".join(one.get_text(" ") for one in found).split())


def test_lines_are_published_with_the_page(world, send):
    send(world.line(), world.line() | {"relation": "context"})
    assert set(TraceLink.objects.values_list("relation", flat=True)) == {"addresses", "context"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"rationale": ""}, "Say why we infer this tie"),
        ({"confidence": ""}, "An inferred tie needs a confidence"),
        ({"basis": "stated"}, "has no confidence"),
    ],
)
def test_a_line_without_its_reason(world, send, wrong, message):
    response = send(world.line() | wrong)
    assert message in said(response)
    assert Finding.objects.get().statement in response.text
    assert not TraceLink.objects.exists()


def test_a_line_twice(world, send):
    response = send(world.line(), world.line() | {"rationale": "Another reason, typed with care."})
    assert "duplicate" in said(response) or "already" in said(response)
    assert "Another reason, typed with care." in response.text
    assert not TraceLink.objects.exists()


def test_a_finding_with_a_line_is_not_deleted(world, send):
    send(world.line())
    finding = Finding.objects.get()
    url = reverse("wagtailsnippets_evidence_finding:delete", args=[finding.pk])
    send.client.post(url)
    assert Finding.objects.filter(pk=finding.pk).exists()
    assert TraceLink.objects.exists()
