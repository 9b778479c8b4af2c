"""The index follows every change, and never tells of what isn't public."""

import pytest
from django.core.management import call_command
from django.db import transaction

from nelis.core.models import ContentVersion, GlossaryTerm, SearchEntry
from nelis.core.search.index_sync import rebuild_index, sync_suspended
from nelis.core.search.query import parse_query, run_search
from nelis.evidence.models import PageStatistic
from nelis.home.models import StandardPage
from sectors.models import Commitment

pytestmark = pytest.mark.pg


def urls():
    return {entry.ref or entry.title: entry.url for entry in SearchEntry.objects.all()}


def found(text):
    return [SearchEntry.objects.get(pk=match.pk).title for match in run_search(parse_query(text)).matches]


def test_everything_public_is_found_where_readers_find_it(site):
    places = urls()
    assert places["Manufacturing"] == "/sectors/manufacturing/"
    assert places["U3"] == "/deals/automotive/#U3"
    assert places["SA4"] == "/sectors/manufacturing/#SA4"
    assert places["S1"] == "/evidence/s1/"
    assert places["GVA"] == "/glossary/#gross-value-added"
    assert places["EQ1"] == "/events/summit/#EQ1"
    # Shown on no page: its own stands in.
    assert places["F03"] == "/evidence/figures/f03/"


def test_rebuilding_finds_the_same(site):
    before = sorted(SearchEntry.objects.values_list(*SearchEntry.CONTENT))
    counts = rebuild_index()
    assert sorted(SearchEntry.objects.values_list(*SearchEntry.CONTENT)) == before
    assert counts.total() == len(before)
    assert counts["Sector"] == 1
    assert found("U3")[0] == "Ultra-low emissions"


def test_rebuilding_mends_a_damaged_index(site):
    SearchEntry.objects.filter(ref="U3").delete()
    SearchEntry.objects.filter(ref="S1").update(title="Wrong", url="/nowhere/")
    rebuild_index()
    assert urls()["U3"] == "/deals/automotive/#U3"
    assert urls()["S1"] == "/evidence/s1/"


def test_the_command_reports_what_it_did(site, capsys):
    call_command("rebuild_search")
    report = capsys.readouterr().out
    assert f"{SearchEntry.objects.count():6} in all" in report
    assert "     1 Commitment" in report


def test_an_edit_is_found_after_its_commit_and_not_before(site, committed):
    site.sector.title = "Making things"
    with committed():
        site.sector.save_revision().publish()
        assert found("making") == []
    assert found("making") == ["Making things"]
    assert "Manufacturing" not in urls()


def test_a_change_that_is_rolled_back_is_never_found(site, committed):
    with committed(), pytest.raises(RuntimeError), transaction.atomic():
        GlossaryTerm.objects.create(term="Never", definition="Rolled back.")
        raise RuntimeError
    assert found("never") == []


def test_a_draft_is_not_found(site, committed):
    with committed():
        site.sector.title = "Secret plans"
        site.sector.save_revision()
        site.term.definition = "Secret meaning"
        site.term.save_revision()
        site.home.add_child(instance=StandardPage(title="Secret page", slug="secret", summary="s", live=False))
    assert found("secret") == []
    assert "Manufacturing" in urls()


def test_unpublishing_takes_away_what_stands_on_the_page_and_publishing_brings_it_back(site, committed):
    with committed():
        site.deal.unpublish()
    assert not {"Automotive", "U3"} & set(urls())
    with committed():
        site.deal.save_revision().publish()
    assert {"Automotive", "U3"} <= set(urls())


def test_snippets_come_and_go_with_the_page_that_lists_them(site, committed):
    with committed():
        site.glossary.unpublish()
    assert "GVA" not in urls()
    with committed():
        site.glossary.save_revision().publish()
    assert urls()["GVA"] == "/glossary/#gross-value-added"


def test_unpublishing_a_snippet(site, committed):
    with committed():
        site.term.unpublish()
    assert "GVA" not in urls()


def test_what_is_deleted_is_gone(site, committed):
    with committed():
        site.term.delete()
        site.deals.delete()
    assert not {"GVA", "Automotive", "U3", "Deals"} & set(urls())
    assert found("automotive") == []


def test_a_commitment_removed_from_its_deal_is_gone(site, committed):
    site.deal.commitments.remove(site.deal.commitments.get(ref="U3"))
    with committed():
        site.deal.save_revision().publish()
    assert not Commitment.objects.filter(ref="U3").exists()
    assert "U3" not in urls()


def test_renaming_and_moving_change_the_addresses_below(site, committed):
    with committed():
        site.deals.slug = "agreements"
        site.deals.save_revision().publish()
    assert urls()["U3"] == "/agreements/automotive/#U3"
    site.sector.refresh_from_db()
    with committed():
        site.sectors.move(site.glossary, pos="last-child")
    assert urls()["SA4"] == "/glossary/sectors/manufacturing/#SA4"


def test_a_page_is_deleted_with_what_is_below_it(site, committed):
    site.finding.delete()
    with committed():
        site.sectors.delete()
    assert "Manufacturing" not in urls()


def test_a_figure_is_found_on_the_page_that_shows_it(site, committed):
    with committed():
        site.sector.statistic_links.add(PageStatistic(statistic=site.statistic))
        site.sector.save_revision().publish()
    assert urls()["F03"] == "/sectors/manufacturing/"
    with committed():
        site.sector.unpublish()
    assert urls()["F03"] == "/evidence/figures/f03/"


def test_suspended_upkeep_leaves_the_index_alone(site, committed):
    with committed(), sync_suspended():
        GlossaryTerm.objects.create(term="Later", definition="Soon.")
    assert found("later") == []
    rebuild_index()
    assert found("later") == ["Later"]


@pytest.mark.parametrize("change", ["save", "delete", "move", "entry"])
def test_every_change_renews_kept_pages(site, committed, change):
    before = ContentVersion.current()
    match change:
        case "save":
            site.term.save()
        case "delete":
            site.term.delete()
        case "move":
            site.sectors.move(site.glossary, pos="last-child")
        case "entry":
            SearchEntry.objects.all().delete()
            rebuild_index()
    assert ContentVersion.current() > before


def test_the_index_renews_kept_pages_once_it_has_caught_up(site, committed):
    with committed():
        site.term.definition = "Something else."
        site.term.save()
        in_transaction = ContentVersion.current()
    # Results made between commit and index must not be kept.
    assert ContentVersion.current() > in_transaction


def test_links_between_many_renew_kept_pages(site):
    other = GlossaryTerm.objects.create(term="Other", definition="Other.")
    before = ContentVersion.current()
    site.term.see_also.add(other)
    assert ContentVersion.current() > before


def test_signing_in_renews_nothing(site, django_user_model):
    before = ContentVersion.current()
    user = django_user_model.objects.create_user("someone", password="a long password")
    user.save()
    assert ContentVersion.current() == before
