"""Lines from evidence, in the form of a proposition: mistakes are said beside the line, and nothing typed is lost."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from nelis.core.models import User
from nelis.evidence.models import Finding
from sectors.models import EvidenceLink, PropositionPage
from tests.admin.sample_site import PUBLISH, body_of, resent


@pytest.fixture
def send(sample_site, signed_in):
    """Sends the form of a published proposition with these lines; gives the page that comes back."""
    page = sample_site.make(PropositionPage)
    client = signed_in("Administrator")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])

    def send(*lines):
        form = {name: value for name, value in resent(client, edit).items() if not name.startswith("evidence_links-")}
        form |= body_of(sample_site.form(PropositionPage)) | nested_form_data(
            {"evidence_links": inline_formset(list(lines))}
        )
        return client.post(edit, form | PUBLISH, follow=True)

    send.client = client
    return send


def said(response):
    """What the errors on the page say."""
    found = BeautifulSoup(response.content, "html.parser").select(".w-field__errors, .help-critical, .error-message")
    return " ".join(" ".join(one.get_text(" ") for one in found).split())


def test_lines_are_published_with_the_page(sample_site, send):
    send(sample_site.line(), sample_site.line() | {"relation": "context"})
    assert set(EvidenceLink.objects.values_list("relation", flat=True)) == {"addresses", "context"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"rationale": ""}, "Say why we infer this link"),
        ({"confidence": ""}, "An inferred link needs a confidence"),
        ({"basis": "stated"}, "has no confidence"),
    ],
)
def test_a_line_without_its_reason(sample_site, send, wrong, message):
    response = send(sample_site.line() | wrong)
    assert message in said(response)
    assert Finding.objects.get().statement in response.text
    assert not EvidenceLink.objects.exists()


def test_a_line_twice(sample_site, send):
    response = send(sample_site.line(), sample_site.line() | {"rationale": "Another reason, typed with care."})
    assert "duplicate" in said(response) or "already" in said(response)
    assert "Another reason, typed with care." in response.text
    assert not EvidenceLink.objects.exists()


def test_a_finding_with_a_line_is_not_deleted(sample_site, send):
    send(sample_site.line())
    finding = Finding.objects.get()
    url = reverse("wagtailsnippets_evidence_finding:delete", args=[finding.pk])
    send.client.post(url)
    assert Finding.objects.filter(pk=finding.pk).exists()
    assert EvidenceLink.objects.exists()


class TestReview:
    """An analyst checks a line that we infer; the check is of the line as it then reads."""

    @pytest.fixture
    def again(self, sample_site, send):
        """Sends the form as the editor has it now, with changes to its first line."""

        def again(**changes):
            page = PropositionPage.objects.get()
            edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
            form = resent(send.client, edit) | body_of(sample_site.form(PropositionPage))
            form |= {f"evidence_links-0-{name}": value for name, value in changes.items()}
            return send.client.post(edit, form | PUBLISH, follow=True)

        return again

    def test_a_tick_takes_down_who_and_when(self, sample_site, send, again):
        send(sample_site.line())
        assert EvidenceLink.objects.get().reviewed_on is None
        assert "Not checked yet" in send.client.get(edit_address()).text
        again(checked="on")
        line = EvidenceLink.objects.get()
        assert (line.reviewed_by, line.reviewed_on) == (send.client.person, timezone.localdate())
        assert f"by {send.client.person}" in send.client.get(edit_address()).text

    def test_saving_other_things_keeps_it_and_new_words_lose_it(self, sample_site, send, again):
        send(sample_site.line() | {"checked": "on"})
        again()
        assert EvidenceLink.objects.get().reviewed_on
        for words in ({"rationale": "Another reason."}, {"relation": "builds_on"}, {"confidence": "medium"}):
            again(checked="on")
            assert EvidenceLink.objects.get().reviewed_on
            again(**words)
            line = EvidenceLink.objects.get()
            assert (line.reviewed_by, line.reviewed_on) == (None, None), words
        again(rationale="A third reason.", checked="on")
        assert EvidenceLink.objects.get().reviewed_on

    def test_becoming_stated_loses_it_and_needs_none(self, sample_site, send, again):
        send(sample_site.line() | {"checked": "on"})
        again(basis="stated", confidence="")
        line = EvidenceLink.objects.get()
        assert line.reviewed_on is None
        assert "only what we infer needs a check" in said(again(checked="on"))

    def test_a_draft_carries_it_and_only_publishing_shows_it(self, sample_site, send, client):
        send(sample_site.line())
        page = PropositionPage.objects.get()
        form = resent(send.client, edit_address()) | body_of(sample_site.form(PropositionPage))
        send.client.post(edit_address(), form | {"evidence_links-0-checked": "on"})
        assert EvidenceLink.objects.get().reviewed_on is None
        assert "Checked on" not in client.get(page.url).text
        PropositionPage.objects.get().get_latest_revision().publish()
        text = client.get(page.url).text
        assert "Checked on" in text
        assert str(send.client.person) not in text

    def test_the_check_outlives_whoever_made_it(self, sample_site, send):
        send(sample_site.line() | {"checked": "on"})
        User.objects.get(pk=send.client.person.pk).delete()
        line = EvidenceLink.objects.get()
        assert line.reviewed_by is None
        assert line.reviewed_on
        draft = PropositionPage.objects.get().get_latest_revision_as_object().evidence_links.get()
        assert draft.reviewed_by is None
        assert draft.reviewed_on


def edit_address():
    return reverse("wagtailadmin_pages:edit", args=[PropositionPage.objects.get().pk])
