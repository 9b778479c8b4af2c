"""Loading: once, twice, over edited pages, and with mistakes in the files."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from modelcluster import models
from wagtail.models import Page, Revision, Site

from nelis.core.models import ChangeEntry, SearchEntry, SiteSettings
from nelis.evidence.models import Finding, Source, Statistic
from nelis.home.content_loader import ContentError, Outcome, check, fields, load, state
from nelis.home.models import HomePage, LoadedEntry
from sectors.models import Ask, PropositionPage, PropositionVersion
from sectors.versions.snapshot import take_snapshot

pytestmark = pytest.mark.pg

PROPOSITIONS = "sectors/content/propositions.yaml"
STATISTICS = "nelis/evidence/content/statistics.yaml"


def p7():
    return PropositionPage.objects.get(ref="P7")


def test_everything_is_created_and_public(loaded):
    assert loaded.total(Outcome.CREATED) == LoadedEntry.objects.count() == len(check())
    assert not Page.objects.filter(depth__gt=1, live=False).exists()
    assert Page.find_problems() == ([], [], [], [], [])
    home = HomePage.objects.get()
    assert Site.objects.get(is_default_site=True).root_page_id == home.pk
    # Nothing is left of the page that Wagtail makes with a new database.
    assert [page.pk for page in Page.get_first_root_node().get_children()] == [home.pk]
    assert SearchEntry.objects.filter(ref="P7").exists()


def test_history_begins_with_what_was_loaded(loaded):
    page = p7()
    assert page.live_revision_id == page.latest_revision_id is not None
    assert page.first_published_at is not None
    assert Statistic.objects.get(key="F09").live_revision is not None


def test_a_second_load_changes_nothing(loaded):
    before = Revision.objects.count(), Page.objects.count()
    report = load()
    assert not report.changed
    assert report.skipped == []
    assert report.summary() == "Nothing has changed."
    assert (Revision.objects.count(), Page.objects.count()) == before


def test_the_record_of_changes_begins_with_one_entry_for_all(loaded):
    (entry,) = ChangeEntry.objects.public()
    assert entry.kind == "new"
    assert f"{loaded.counts['propositions'][Outcome.CREATED]} propositions" in entry.note
    assert ChangeEntry.objects.filter(kind="first").count() > 300


def test_every_proposition_has_its_first_version_with_all_its_links(loaded):
    versions = {version.proposition.ref: version for version in PropositionVersion.objects.all()}
    assert sorted(versions) == sorted(f"P{number}" for number in range(1, 12))
    assert {version.number for version in versions.values()} == {1}
    for version in versions.values():
        assert version.document == take_snapshot(version.proposition)


def test_an_update_from_the_files_is_told_and_makes_a_version(loaded, files):
    files.change(PROPOSITIONS, "P7", summary="Something else.")
    load(files.base)
    assert ChangeEntry.objects.public().first().note == "Brought up to date with the content files."
    assert [version.number for version in p7().versions.all()] == [1, 2]


def test_a_file_that_changes_in_nothing_readers_see_is_not_told(loaded, files):
    files.change(PROPOSITIONS, "P7", source_title=p7().source_title)
    told = ChangeEntry.objects.public().count()
    report = load(files.base, overwrite=True)
    assert ChangeEntry.objects.public().count() == told
    assert report.skipped == []


def test_a_changed_entry_alone_is_updated(loaded, files):
    files.change(PROPOSITIONS, "P7", summary="Something else.")
    report = load(files.base)
    assert report.total(Outcome.UPDATED) == 1
    assert p7().summary == "Something else."
    assert load(files.base).changed is False


def test_what_is_taken_out_of_a_file_goes_from_the_page(loaded, files):
    assert p7().other_names.exists()
    files.change(PROPOSITIONS, "P7", other_names=None, why=None)
    load(files.base)
    page = p7()
    assert not page.other_names.exists()
    assert page.why == ""
    assert page.strategy_links.exists()


@pytest.mark.parametrize("published", [True, False])
def test_an_edited_page_is_left_alone(loaded, files, published):
    page = p7()
    page.summary = "An editor's words."
    revision = page.save_revision()
    if published:
        revision.publish()
    files.change(PROPOSITIONS, "P7", summary="The file's words.")
    report = load(files.base)
    assert report.skipped == ["proposition:P7 (kept as edited)"]
    assert p7().get_latest_revision_as_object().summary == "An editor's words."

    load(files.base, overwrite=True)
    assert p7().summary == "The file's words."


class TestWhatTheModelsGainedSince:
    """A database may be older than the models: what they gained since, and nobody filled in, is no edit."""

    @pytest.fixture
    def remember(self, monkeypatch):
        """Has P7 remembered as if its models had lacked a field, two kinds of rows, and a field of its rows."""

        def hidden(model):
            gained = {"PropositionPage": "cost_low", "EvidenceLink": "reviewed_on"}.get(model.__name__)
            return [field for field in fields.content_fields(model) if field.name != gained]

        def fewer(obj):
            relations = models.get_all_child_relations(obj)
            return [relation for relation in relations if relation.get_accessor_name() not in ("asks", "source_links")]

        def remember(digest):
            page = p7()
            assert page.evidence_links.exists()
            page.source_links = []
            page.save_revision().publish()
            with monkeypatch.context() as then:
                then.setattr(state, "content_fields", hidden)
                then.setattr(state, "get_all_child_relations", fewer)
                LoadedEntry.objects.filter(key="P7").update(state_hash=digest(p7()))

        return remember

    def test_is_no_edit(self, loaded, remember):
        remember(state.state_hash)
        assert load().skipped == []

    @pytest.mark.parametrize("name", ["cost_low", "asks", "reviewed_on"])
    def test_is_an_edit_once_filled_in(self, loaded, remember, name):
        remember(state.state_hash)
        page = p7()
        if name == "asks":
            page.asks = [Ask(addressee="region", text="Help.")]
        elif name == "cost_low":
            page.cost_low = 5
        else:
            page.evidence_links = lines = list(page.evidence_links.all())
            lines[0].reviewed_on = date(2026, 5, 3)
        page.save_revision()
        assert load().skipped == ["proposition:P7 (kept as edited)"]


def test_an_edited_figure_is_left_alone(loaded):
    statistic = Statistic.objects.get(key="F03")
    statistic.note = "Checked."
    statistic.save_revision().publish()
    assert load().skipped == ["statistic:F03 (kept as edited)"]


def test_edited_menus_are_left_alone(loaded):
    settings = SiteSettings.objects.get()
    item = settings.menu_items.first()
    item.page = HomePage.objects.get().page_ptr
    item.save()
    assert load().skipped == ["settings:main (kept as edited)"]


def test_what_an_editor_removed_stays_removed(loaded):
    Finding.objects.get(ref="W3").delete()
    assert load().skipped == ["finding:W3 (left removed)"]
    assert not Finding.objects.filter(ref="W3").exists()
    load(overwrite=True)
    assert Finding.objects.filter(ref="W3").exists()


def test_a_page_taken_off_the_site_stays_off(loaded):
    p7().unpublish()
    assert load().skipped == ["proposition:P7 (kept as edited)"]
    assert not p7().live


def test_a_page_may_be_moved(loaded):
    p7().move(Page.objects.get(slug="targets"), pos="last-child")
    report = load()
    assert (report.changed, report.skipped) == (False, [])


def test_a_dry_run_keeps_nothing(loaded, files):
    files.change(PROPOSITIONS, "P7", summary="Something else.")
    report = load(files.base, dry_run=True)
    assert report.total(Outcome.UPDATED) == 1
    assert p7().summary != "Something else."


def test_settings_that_were_only_looked_at_are_filled(loaded):
    SiteSettings.objects.all().delete()
    LoadedEntry.objects.filter(kind="settings").delete()
    SiteSettings.for_site(Site.objects.get(is_default_site=True))
    assert load().total(Outcome.CREATED) == 1
    assert SiteSettings.objects.get().menu_items.filter(menu="main").count() == 6


def test_links_in_text_lead_to_pages(loaded):
    text = str(Page.objects.get(slug="strategy").specific.body)
    target = Page.objects.get(slug="grand-challenges")
    assert target.url.endswith("/strategy/grand-challenges/")
    assert f'href="{target.url}"' in text


# --- mistakes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "key", "fields", "where", "expected"),
    [
        (PROPOSITIONS, "P7", {"stage": "nearly"}, "entry P7, field stage", "one of idea, proposed"),
        (PROPOSITIONS, "P7", {"stage_date": "July"}, "entry P7, field stage_date", "a date such as 2019-07-16"),
        (PROPOSITIONS, "P7", {"colour": "red"}, "entry P7, field colour", "a field that exists"),
        (PROPOSITIONS, "P7", {"summary": "x" * 301}, "entry P7, field summary", "at most 300 characters"),
        (PROPOSITIONS, "P7", {"summary": None}, "entry P7, field summary", "something: it is required"),
        (PROPOSITIONS, "P7", {"why": "<p>open"}, "entry P7, field why", "every tag closed"),
        (PROPOSITIONS, "P7", {"why": "<h2>Why</h2>"}, "entry P7, field why", "only the tags"),
        (
            PROPOSITIONS,
            "P7",
            {"why": '<p><a href="javascript:alert(1)">x</a></p>'},
            "entry P7, field why",
            "a link to a page here",
        ),
        (PROPOSITIONS, "P7", {"sources": ["S9"]}, "entry P7, field source_links 1, source", "there is no “S9”"),
        (
            PROPOSITIONS,
            "P7",
            {"links": [{"to": "sector:steel", "basis": "stated"}]},
            "entry P7, field strategy_links 1, target",
            "there is no “steel”",
        ),
        (
            PROPOSITIONS,
            "P7",
            {"links": [{"to": "sector:digital", "basis": "perhaps"}]},
            "entry P7, field links 1, basis",
            "one of stated, inferred",
        ),
        (STATISTICS, "F03", {"value": "eleven"}, "entry F03, field value", "a number"),
        (STATISTICS, "F03", {"source": None}, "", ""),
        (STATISTICS, "F03", {"geography": "E99"}, "entry F03, field geography", "there is no “E99”"),
        (STATISTICS, "F03", {"key": "F04"}, "entry F04, field key", "a value of its own"),
        (
            "nelis/home/content/pages.yaml",
            "/contact/",
            {"path": "/nowhere/contact/"},
            "entry /nowhere/contact/, field path",
            "an address under an existing page",
        ),
    ],
)
def test_a_mistake_is_reported_with_its_place(files, file, key, fields, where, expected):
    files.change(file, key, **fields)
    if not expected:
        check(files.base)  # the form is right; the database has the last word, tested below
        return
    with pytest.raises(ContentError) as raised:
        check(files.base)
    assert any(
        str(p).startswith(f"{file}, {where}: expected") and expected in p.expected for p in raised.value.problems
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- ref: S0\n  ref: S1\n", "each field once; “ref” is given twice"),
        ("- ref: [\n", "valid YAML; line 2"),
        ("ref: S0\n", "a list of entries"),
        ("- S0\n", "a mapping of fields to values"),
        ("- !!python/object/apply:os.system ['true']\n", "valid YAML; line 1"),
    ],
)
def test_a_file_of_the_wrong_form_is_reported(files, text, expected):
    (files.base / "nelis/evidence/content/sources.yaml").write_text(text)
    with pytest.raises(ContentError) as raised:
        check(files.base)
    problems = [p for p in raised.value.problems if p.file == "nelis/evidence/content/sources.yaml"]
    assert any(expected in problem.expected for problem in problems)


def test_a_missing_file_and_one_that_is_no_text_are_reported(files):
    (files.base / "sectors/content/places.yaml").unlink()
    (files.base / "sectors/content/contacts.yaml").write_bytes(b"- \xff\xfe")
    with pytest.raises(ContentError) as raised:
        check(files.base)
    by_file = {problem.file: problem.expected for problem in raised.value.problems}
    assert by_file["sectors/content/places.yaml"] == "this file to exist"
    assert by_file["sectors/content/contacts.yaml"].startswith("UTF-8 text")


def test_all_mistakes_are_reported_at_once(files):
    files.change(PROPOSITIONS, "P7", stage="nearly")
    files.change(STATISTICS, "F03", value="eleven")
    with pytest.raises(ContentError) as raised:
        check(files.base)
    assert len(raised.value.problems) == 2


@pytest.mark.parametrize(
    ("key", "fields", "field"),
    [
        ("F01", {"value": 5}, "value"),  # a figure that isn't held has no value
        ("F23", {"high": 100}, "high"),  # a range whose ends are swapped
        ("F08", {"fact_key": None}, "fact_key"),  # a dispute with nobody
    ],
)
def test_what_the_model_refuses_stops_the_load_and_changes_nothing(loaded, files, key, fields, field):
    files.change(STATISTICS, "F04", note="This would have been written first.")
    files.change(STATISTICS, key, **fields)
    before = Revision.objects.count()
    with pytest.raises(ContentError) as raised:
        load(files.base)
    assert [(p.file, p.entry, p.field) for p in raised.value.problems] == [(STATISTICS, key, field)]
    assert Revision.objects.count() == before
    assert Statistic.objects.get(key="F04").note != "This would have been written first."


# --- the command -----------------------------------------------------------------------------------


def run(*arguments):
    out = StringIO()
    call_command("load_content", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_what_it_did(loaded):
    output = run()
    assert "propositions: 11 unchanged" in output
    assert output.strip().endswith("Nothing has changed.")
    assert "no mistakes" in run("--check")


def test_the_command_reports_mistakes_and_stops(loaded, files, settings):
    files.change(PROPOSITIONS, "P7", stage="nearly")
    settings.BASE_DIR = files.base
    with pytest.raises(CommandError, match=r"(?s)1 mistake .*propositions\.yaml, entry P7, field stage: expected"):
        run()
    with pytest.raises(CommandError, match="1 mistake"):
        run("--check")


def test_a_source_named_nowhere_else_stays_out_of_the_held_ones(loaded):
    assert Source.objects.get(ref="evidence-base").held is False
