"""What is published stays as it was approved until a colleague publishes the correction."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from engagement.feedback.models import Code, OfficialResponse, Quotation, Theme
from engagement.feedback.reporting.outcomes import themes_for_response
from engagement.feedback.rounds.opening import close
from tests.feedback.admin.test_report_dashboard import act, url
from tests.feedback.builders import choose_quotation, comment_place, make_coding, submit_answers, write_report

RESULTS = "/feedback/kite-fair/results/"


@pytest.fixture
def made(fair: SimpleNamespace, otto: Client) -> SimpleNamespace:
    """A round that was reported back."""
    mine = submit_answers(fair, comment="Kites need wind, and long tails.")
    found = write_report(fair, mine)
    close(fair.round)
    act(otto, fair, "publish")
    fair.round.refresh_from_db()
    assert fair.round.state == "reported"
    found.mine = mine
    return found


def fields(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send of a form of the report, as it stands."""
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in sent.items()}


def saved(client: Client, fair: SimpleNamespace, made: SimpleNamespace, name: str, **changes: Any) -> str:
    """The page after something was changed on the form of the theme or of the response."""
    row = made.theme if name == "feedback_theme" else made.official
    address = url(fair, name, row.pk)
    return client.post(address, fields(client, address) | changes, follow=True).content.decode()


def public(client: Client) -> str:
    return client.get(RESULTS).content.decode()


def test_a_correction_waits_for_a_colleague(
    olive: Client, otto: Client, client: Client, fair: SimpleNamespace, made: SimpleNamespace
):
    second = fair.propositions[1]
    page = saved(
        olive, fair, made, "feedback_official_response", reason="We added a storm.", **{f"p{second.pk}": "about"}
    )
    assert "until a colleague publishes the correction" in page
    assert "A correction waits</b>, by Engagement officer" in page
    assert "We added wind." in public(client)
    assert "We added a storm." not in public(client)
    assert "We added a storm." not in client.get("/feedback/kite-fair/data/outcomes.csv").getvalue().decode()
    assert "storm" not in client.get(second.url).content.decode()
    preview = olive.get(url(fair, "feedback_report_preview")).content.decode()
    assert "We added a storm." in preview
    assert "We added wind." not in preview
    assert "so somebody else publishes it" in act(olive, fair, "add")
    assert "1 corrections" in act(otto, fair, "add")
    assert "We added a storm." in public(client)
    assert "We added wind." not in public(client)
    assert "We added a storm." in client.get(second.url).content.decode()
    assert list(OfficialResponse.objects.all()) == [made.official]
    assert [one.proposition_id for one in made.official.outcomes.all()] == [fair.propositions[0].pk, second.pk]
    assert list(made.official.themes.all()) == [made.theme]


def test_a_theme_keeps_its_codes_and_its_words_until_then(
    olive: Client, otto: Client, client: Client, fair: SimpleNamespace, made: SimpleNamespace
):
    rain = Code.objects.create(round=fair.round, name="Rain")
    other = respond_again(fair, rain)
    saved(olive, fair, made, "feedback_theme", title="Rain", codes=[rain.pk])
    assert "There is no wind" in public(client)
    assert themes_for_response(made.mine) == {made.theme.pk}
    assert themes_for_response(other) == set()
    preview = olive.get(url(fair, "feedback_report_preview")).content.decode()
    assert preview.count("The wind is missing.") == 1
    act(otto, fair, "add")
    assert "There is no wind" not in public(client)
    assert themes_for_response(made.mine) == set()
    assert themes_for_response(other) == {made.theme.pk}
    assert list(Theme.objects.all()) == [made.theme]


def respond_again(fair: SimpleNamespace, code: Code) -> Any:
    """A second response, with a code on it, of the round that is closed."""
    type(fair.round).objects.filter(pk=fair.round.pk).update(state="open")
    fair.round.refresh_from_db()
    found = submit_answers(fair, comment="It rains.")
    type(fair.round).objects.filter(pk=fair.round.pk).update(state="reported")
    fair.round.refresh_from_db()
    make_coding(found, code, comment_place(fair))
    return found


def test_a_correction_is_written_on_and_thrown_away(
    olive: Client, otto: Client, client: Client, fair: SimpleNamespace, made: SimpleNamespace
):
    saved(olive, fair, made, "feedback_official_response", reason="We added a storm.")
    saved(otto, fair, made, "feedback_official_response", reason="We added a breeze.")
    correction = OfficialResponse.objects.get(corrects=made.official)
    assert correction.reason == "We added a breeze."
    page = olive.get(url(fair)).content.decode()
    assert re.search(r"by (Administrator, Engagement officer|Engagement officer, Administrator)\.", page)
    assert "A colleague wrote it" in act(olive, fair, "delete", what="response", number=correction.pk)
    page = act(otto, fair, "delete", what="response", number=correction.pk)
    assert "What is on the site stays" in page
    assert "We added wind." in public(client)
    assert not OfficialResponse.objects.exclude(pk=made.official.pk).exists()
    # Who wrote only what was thrown away has nothing in it.
    olive.post(url(fair, "feedback_theme_add"), {"title": "Rain", "summary": "x", "sort_order": 0})
    assert "Published: 1 themes" in act(otto, fair, "add")


def test_taking_back_is_at_once_and_the_correction_waits_in_its_place(
    olive: Client, otto: Client, client: Client, fair: SimpleNamespace, made: SimpleNamespace
):
    saved(olive, fair, made, "feedback_official_response", reason="We added a storm.")
    act(olive, fair, "take_back_one", what="response", number=made.official.pk)
    assert "The wind is missing." not in public(client)
    made.official.refresh_from_db()
    assert made.official.reason == "We added a storm."
    assert "so somebody else publishes it" in act(olive, fair, "add")
    act(otto, fair, "add")
    assert "We added a storm." in public(client)


def test_what_was_taken_back_as_a_whole_comes_back_corrected(
    olive: Client, otto: Client, client: Client, fair: SimpleNamespace, made: SimpleNamespace
):
    act(olive, fair, "take_back", why="A mistake.")
    saved(olive, fair, made, "feedback_official_response", reason="We added a storm.")
    assert "so somebody else publishes it" in act(olive, fair, "publish")
    act(otto, fair, "publish")
    assert "We added a storm." in public(client)


def test_nobody_publishes_what_they_have_not_seen(
    olive: Client, otto: Client, client: Client, fair: SimpleNamespace, made: SimpleNamespace
):
    saved(olive, fair, made, "feedback_official_response", reason="We added a storm.")
    seen = otto.get(url(fair)).context["seen"]
    saved(olive, fair, made, "feedback_official_response", reason="We did nothing at all.")
    assert "since you opened this page" in act(otto, fair, "add", seen=seen)
    assert "We did nothing at all." not in public(client)
    act(otto, fair, "add")
    assert "We did nothing at all." in public(client)


@pytest.mark.parametrize("is_public", [True, False])
def test_two_who_write_at_once_do_not_write_over_each_other(
    olive: Client, otto: Client, fair: SimpleNamespace, made: SimpleNamespace, is_public: bool
):
    if not is_public:
        act(olive, fair, "take_back_one", what="response", number=made.official.pk)
    address = url(fair, "feedback_official_response", made.official.pk)
    hers, his = fields(olive, address), fields(otto, address)
    otto.post(address, his | {"reason": "We added a breeze."})
    again = olive.post(address, hers | {"reason": "We added a storm."})
    page = again.content.decode()
    assert "A colleague changed this" in page
    assert "<p>We added a storm.</p>" in page
    assert "<p>We added a breeze.</p>" in page
    stands = OfficialResponse.objects.order_by("pk").last()
    assert stands.reason == "We added a breeze."
    form = again.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    olive.post(address, sent)
    stands.refresh_from_db()
    assert stands.reason == "We added a storm."


def test_who_writes_on_while_it_is_published_writes_a_correction(
    olive: Client, otto: Client, client: Client, fair: SimpleNamespace, made: SimpleNamespace
):
    later = fair.round.themes.create(title="Rain", summary="It rains.")
    address = url(fair, "feedback_theme", later.pk)
    hers = fields(olive, address)
    act(otto, fair, "add")
    page = olive.post(address, hers | {"title": "Snow"}).content.decode()
    assert "A colleague changed this" in page
    later.refresh_from_db()
    assert later.title == "Rain"


def test_a_correction_has_no_address_of_its_own(olive: Client, fair: SimpleNamespace, made: SimpleNamespace):
    saved(olive, fair, made, "feedback_theme", title="Rain")
    correction = Theme.objects.get(corrects=made.theme)
    assert olive.get(url(fair, "feedback_theme", correction.pk)).status_code == 404
    choices = olive.get(url(fair, "feedback_official_response_add")).context["form"]["themes"].subwidgets
    assert [one.data["label"] for one in choices] == ["There is no wind"]


def test_words_are_chosen_once(olive: Client, fair: SimpleNamespace):
    type(fair.round).objects.filter(pk=fair.round.pk).update(publish_policy="quotes")
    fair.round.refresh_from_db()
    made = write_report(fair, submit_answers(fair, comment="Kites need wind, and long tails.", may_quote=True))
    close(fair.round)
    span = made.code.codings.get()
    for _ in range(2):
        page = olive.post(url(fair, "feedback_quotations"), {"span": span.pk}, follow=True).content.decode()
    assert "These words are chosen already" in page
    assert Quotation.objects.count() == 1


def test_a_named_quotation_of_ones_own_waits_for_a_colleague_too(fair: SimpleNamespace, otto: Client):
    type(fair.round).objects.filter(pk=fair.round.pk).update(publish_policy="quotes")
    fair.round.refresh_from_db()
    mine = submit_answers(fair, comment="Kites need wind, and long tails.", may_quote=True)
    close(fair.round)
    fair.round.themes.create(title="Rain", summary="It rains.")
    quotation = choose_quotation(fair, mine)
    quotation.by = type(quotation.by).objects.get(username="Administrator")
    quotation.save()
    assert "so somebody else publishes it" in act(otto, fair, "publish")
