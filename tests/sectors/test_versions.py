"""Public versions: made when something of substance is published, kept as they were, and compared truly."""

from collections.abc import Callable, Iterable
from types import SimpleNamespace

import pytest
from bs4 import Tag
from django.contrib.contenttypes.models import ContentType
from django.db.models import ProtectedError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from wagtail.management.commands.purge_revisions import purge_revisions
from wagtail.models import Revision

from nelis.core.models import ChangeEntry
from nelis.core.models.abstract import AppendOnlyError, AppendOnlyModel
from nelis.core.models.change_log import NoteData
from nelis.core.text_diff import DiffPart, new_text, old_text
from nelis.evidence.models import Finding, GeoArea, PageStatistic, Source, Statistic
from sectors.models import (
    Ask,
    Document,
    EvidenceLink,
    Line,
    Organisation,
    OrganisationRole,
    PropositionPage,
    PropositionVersion,
    Section,
    StrategyLink,
    content_hash,
)
from sectors.versions.compare import PARTS, LineChange, SectionChange, change_sentences, compare
from sectors.versions.publish import versions_at_the_end
from sectors.versions.snapshot import take_snapshot
from tests.html import text_of
from tests.sectors.conftest import propose

pytestmark = pytest.mark.pg

Read = Callable[..., Tag]


@pytest.fixture
def published(kites: SimpleNamespace) -> PropositionPage:
    """A proposition with its first version."""
    kites.proposition.save_revision().publish()
    return PropositionPage.objects.get(pk=kites.proposition.pk)


def change(page: PropositionPage, kind: str = "content", note: str = "Because.", **fields: object) -> PropositionPage:
    """Publish a change as an editor would."""
    page = PropositionPage.objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.pending_change_note = NoteData(kind, note)
    page.save_revision().publish()
    return PropositionPage.objects.get(pk=page.pk)


def numbers(page: PropositionPage) -> list[int]:
    return [version.number for version in page.versions.all()]


# --- when one is made ------------------------------------------------------------------------------


def test_the_first_publication_makes_the_first_version(published: PropositionPage):
    (version,) = published.versions.all()
    assert (version.number, version.reason, version.label) == (1, "first", "Idea")
    assert version.revision_id == published.live_revision_id
    assert version.is_intact


def test_a_change_of_substance_makes_the_next(published: PropositionPage):
    change(published, what_we_propose="<p>Make large kites.</p>")
    version = published.versions.last()
    assert (version.number, version.reason, version.change_note) == (2, "content", "Because.")
    assert version.entry.details == ["What we propose: “Make kites.” became “Make large kites.”."]


def test_a_minor_change_makes_none(published: PropositionPage):
    change(published, kind="minor", note="", what_we_propose="<p>Make kites!</p>")
    assert numbers(published) == [1]


def test_publishing_the_same_again_makes_none(published: PropositionPage):
    change(published)
    assert numbers(published) == [1]


def test_a_new_stage_makes_one_even_when_called_minor(published: PropositionPage):
    change(published, kind="minor", note="", stage="proposed", stage_date="2019-07-16")
    version = published.versions.last()
    assert (version.number, version.reason, version.label) == (2, "stage", "Proposed at summit, July 2019")
    assert version.entry.kind == "stage"
    assert version.entry in ChangeEntry.objects.public()


def test_a_correction_points_to_what_it_corrects(published: PropositionPage):
    change(published, kind="correction", note="It was wrong.", summary="Right.")
    first, second = published.versions.all()
    assert (second.reason, second.corrects) == ("correction", first)
    assert list(first.corrections.all()) == [second]


def test_saving_a_draft_makes_none(published: PropositionPage):
    published.summary = "Only thought of."
    published.save_revision()
    assert numbers(published) == [1]


def test_versions_of_many_are_made_when_all_is_there(kites: SimpleNamespace):
    """A link to what is published after the proposition is in its first version all the same."""
    kites.challenge.unpublish()
    with versions_at_the_end():
        kites.proposition.strategy_links = [StrategyLink(target=kites.challenge, basis="stated", rationale="So.")]
        kites.proposition.save_revision().publish()
        assert not kites.proposition.versions.exists()
        kites.challenge.save_revision().publish()
    (version,) = kites.proposition.versions.all()
    assert "Clean wind" in [line.text for section in version.document.sections for line in section.lines]


# --- what is kept ----------------------------------------------------------------------------------


@pytest.fixture
def full_proposition(kites: SimpleNamespace) -> PropositionPage:
    """A proposition with one of everything it can show."""
    page = kites.proposition
    source = Source.objects.create(ref="X1", title="Kite review", kind="review", held=True)
    area = GeoArea.objects.create(code="ex", name="Exampleshire")
    figure = Statistic.objects.create(key="K1", label="kites flown", value=70, geography=area, source=source)
    finding = Finding.objects.create(
        ref="C1", kind="constraint", statement="Strings snap.", subject=kites.sector, source=source
    )
    body = Organisation.objects.create(slug="guild", name="Kite guild", kind="cluster")
    page.asks = [Ask(addressee="government", text="Pay for string.")]
    page.statistic_links = [PageStatistic(statistic=figure)]
    page.evidence_links = [
        EvidenceLink(
            finding=finding, relation="challenges", basis="inferred", confidence="low", rationale="It may snap."
        )
    ]
    page.strategy_links = [StrategyLink(target=kites.deal, basis="stated", rationale="Named there.")]
    page.organisation_roles = [OrganisationRole(organisation=body, role="partner", basis="stated")]
    page.save_revision().publish()
    return PropositionPage.objects.get(pk=page.pk)


def lines(document: Document) -> dict[str, list[tuple[str, str, str]]]:
    return {
        section.key: [(line.text, line.mark, line.basis) for line in section.lines] for section in document.sections
    }


def test_links_figures_and_asks_are_kept_with_the_words(full_proposition: PropositionPage):
    kept = lines(full_proposition.versions.get().document)
    assert kept["what"] == [("Make kites.", "", "")]
    assert kept["figures"] == [("70 kites flown, Exampleshire", "stated", "Confirmed")]
    assert kept["asks"] == [("Pay for string.", "", "")]
    assert kept["evidence"] == [("C1: Strings snap.", "against", "Inferred by us, low confidence")]
    assert kept["links"] == [("String", "stated", "Stated in a source")]
    assert kept["partners"] == [("Kite guild", "stated", "Stated in a source")]
    assert kept["sources"] == [("Kite review", "", "")]


def test_a_corrected_figure_stays_as_it_was_in_the_version(full_proposition: PropositionPage, read: Read):
    figure = Statistic.objects.get(key="K1")
    figure.value = 71
    figure.save_revision().publish()
    assert "71" in text_of(read(full_proposition.url))
    assert "70 kites flown" in text_of(read(f"{full_proposition.url}v1/"))
    change(full_proposition, summary="New.")
    sentences = full_proposition.versions.last().entry.details
    assert "Figures, K1: “70 kites flown, Exampleshire” became “71 kites flown, Exampleshire”." in sentences


def test_a_changed_link_is_told_in_words(full_proposition: PropositionPage):
    page = PropositionPage.objects.get(pk=full_proposition.pk)
    link = page.strategy_links.get()
    link.basis, link.confidence, link.rationale = "inferred", "high", "We read it so."
    page.strategy_links = [link]
    page.asks = []
    page.pending_change_note = NoteData("content", "Checked.")
    page.save_revision().publish()
    assert full_proposition.versions.last().entry.details == [
        "What is asked of government and partners, Of government: removed “Pay for string.”.",
        "National strategy and sectors, Sector Deal, “String”: "
        "“Stated in a source” became “Inferred by us, high confidence”.",
        "National strategy and sectors, Sector Deal, “String”: "
        "the note beside it changed, “Named there.” became “We read it so.”.",
    ]


def test_the_hash_is_that_of_the_content(full_proposition: PropositionPage, client: Client):
    data = client.get(f"{full_proposition.url}v1/?format=json").json()
    assert content_hash(data["content"]) == data["content_hash"]
    data["content"]["sections"][0]["lines"][0]["text"] += "."
    assert content_hash(data["content"]) != data["content_hash"]


# --- that it stays ---------------------------------------------------------------------------------


def test_a_version_can_t_be_edited(published: PropositionPage):
    version = published.versions.get()
    version.label = "Another"
    for attempt in (
        version.save,
        lambda: PropositionVersion.objects.update(label="x"),
        lambda: PropositionVersion.objects.bulk_update([version], ["label"]),
        lambda: published.versions.update(label="x"),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()
    assert published.versions.get().label == "Idea"


def test_a_version_can_t_be_deleted(published: PropositionPage):
    version = published.versions.get()
    for attempt in (version.delete, PropositionVersion.objects.all().delete, published.versions.all().delete):
        with pytest.raises(AppendOnlyError):
            attempt()
    with pytest.raises(ProtectedError):
        published.delete()
    with pytest.raises(ProtectedError):
        version.revision.delete()
    assert numbers(published) == [1]


def test_clearing_history_spares_what_was_published(published: PropositionPage):
    change(published, kind="minor", summary="Two.")
    change(published, kind="minor", summary="Three.")
    purge_revisions()
    kept = Revision.objects.filter(
        content_type=ContentType.objects.get_for_model(PropositionPage), object_id=published.pk
    )
    assert published.versions.get().revision in kept
    assert kept.count() == 2


def test_a_changed_row_shows(published: PropositionPage, read: Read):
    """Somebody with the database's password could still write to it; readers would see that."""
    version = published.versions.get()
    assert "no longer has this fingerprint" not in text_of(read(f"{published.url}v1/"))
    version.content["sections"][0]["lines"][0]["text"] = "Forged"
    super(AppendOnlyModel, version).save()
    assert "no longer has this fingerprint" in text_of(read(f"{published.url}v1/"))


# --- what readers see ------------------------------------------------------------------------------


def test_two_versions_side_by_side(published: PropositionPage, read: Read):
    change(published, what_we_propose="<p>Make large kites.</p>", note="Wind is free.")
    main = read(f"{published.url}compare/?from=1&to=2")
    assert [text_of(change) for change in main.find(id="what").parent.find_all(["ins", "del"])] == ["added: large"]
    assert "What we propose: “Make kites.” became “Make large kites.”." in text_of(main)
    assert "Wind is free." in text_of(main)
    back = read(f"{published.url}compare/?from=2&to=1")
    assert [text_of(change) for change in back.find(id="what").parent.find_all(["ins", "del"])] == ["removed: large"]


def test_without_a_choice_the_last_two_are_compared(published: PropositionPage, read: Read):
    assert "one and the same version" in text_of(read(f"{published.url}compare/"))
    change(published, summary="Two.")
    change(published, summary="Three.")
    assert text_of(read(f"{published.url}compare/").h1) == "From version 2 to version 3"


@pytest.mark.parametrize(
    "path",
    [
        *("v0/", "v2/", "v999999999/", "compare/?from=1&to=2", "compare/?from=x", "compare/?to=-1"),
        *("compare/?from=%00", "compare/?from=²", "compare/?from=99999999999999999999", "compare/?from=p2"),
    ],
)
def test_what_doesn_t_exist_is_said_with_the_way_back(
    published: PropositionPage, kites: SimpleNamespace, read: Read, path: str
):
    other = propose(kites, "P2", "Other")
    other.save_revision().publish()
    change(other, summary="Its second.")
    main = read(f"{published.url}{path}", status=404)
    assert text_of(main.h1) == "There is no such version"
    assert main.find("a", string="Version 1, Idea")["href"] == f"{published.url}v1/"


def test_history_tells_of_corrections(published: PropositionPage, read: Read):
    change(published, kind="correction", note="It was wrong.", summary="Right.")
    text = " ".join(read(f"{published.url}history/").get_text(" ").split())
    assert "Correction of version 1 . It was wrong." in text
    assert "This version has been corrected" in text_of(read(f"{published.url}v1/"))
    assert "It corrects version 1" in " ".join(read(f"{published.url}v2/").get_text(" ").split())


def test_markup_in_a_text_stays_text(kites: SimpleNamespace, read: Read):
    page = propose(kites, "P2", "Other", summary="<script>run()</script>")
    page.save_revision().publish()
    change(page, summary="<b onmouseover=run()>x</b>")
    for path in ("v1/", "v2/", "history/", "compare/"):
        main = read(page.url + path)
        assert not main.find("script")
        assert not main.find(attrs={"onmouseover": True})


# --- rules, for any documents ----------------------------------------------------------------------

WORDS = st.lists(st.sampled_from(["kite", "string", "wind", "£5m", "not"]), max_size=6).map(" ".join)
LINES = st.lists(
    st.builds(
        Line,
        key=st.sampled_from(["a", "b", "c"]),
        text=WORDS,
        label=st.sampled_from(["", "Ask"]),
        mark=st.sampled_from(["", "stated", "inferred"]),
        basis=st.sampled_from(["", "Stated", "Inferred, low"]),
        note=WORDS,
    ),
    max_size=5,
).map(tuple)
DOCUMENTS = st.lists(st.sampled_from(["about", "asks", "links"]), unique=True, max_size=3).flatmap(
    lambda keys: st.tuples(*(st.builds(Section, st.just(key), st.just(key.title()), LINES) for key in keys)).map(
        Document
    )
)


def apply_changes(old: Document, changes: list[SectionChange]) -> Document:
    """``old`` with the changes made to it."""
    before = {section.key: section.lines for section in old.sections}
    return Document(
        tuple(
            Section(
                change.key,
                change.label,
                tuple(
                    apply_line_change(before.get(change.key, ()), line)
                    for line in change.lines
                    if line.state != "removed"
                ),
            )
            for change in changes
            if change.state != "removed"
        )
    )


def apply_diff(old: str, parts: Iterable[DiffPart]) -> str:
    """The text after the changes, which must have been made from ``old``."""
    parts = list(parts)
    assert old_text(parts) == old
    return new_text(parts)


def apply_line_change(before: tuple[Line, ...], change: LineChange) -> Line:
    line = before[change.old] if change.old is not None else Line(change.key, "")
    parts = {part: apply_diff(getattr(line, part), getattr(change, part)) for part in PARTS}
    return Line(key=change.key, mark=change.mark, **parts)


@given(DOCUMENTS, DOCUMENTS)
def test_the_changes_lead_from_one_version_to_the_next(old: Document, new: Document):
    assert apply_changes(old, compare(old, new)) == new


@given(DOCUMENTS, DOCUMENTS)
def test_there_are_words_for_every_change_and_none_for_none(old: Document, new: Document):
    changed = {s.key: s.lines for s in old.sections if s.lines} != {s.key: s.lines for s in new.sections if s.lines}
    assert bool(change_sentences(compare(old, new))) == changed


@given(DOCUMENTS)
def test_what_is_kept_comes_back_as_it_was(document: Document):
    assert Document.from_data(document.as_data()) == document


def test_freezing_twice_gives_the_same(full_proposition: PropositionPage):
    assert take_snapshot(full_proposition) == take_snapshot(PropositionPage.objects.get(pk=full_proposition.pk))
