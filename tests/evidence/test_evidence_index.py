"""The list of sources says what rests on each, and where the findings are."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from nelis.core.search.index_sync import sync_suspended
from nelis.evidence.models import Finding, Source, Statistic
from sectors.models import SectorPage
from tests.html import text_of
from tests.sectors.sample_strategy import SampleStrategy, add


@pytest.mark.django_db
def test_each_source_says_how_many_figures_and_findings_rest_on_it(client: Client):
    with sync_suspended():
        strategy = SampleStrategy()
        sector = add(strategy.indexes["sector"], SectorPage, "kites", code="kites")
        used = Source.objects.create(ref="X1", title="A report on kites", kind="report", held=True)
        Source.objects.create(ref="X2", title="A page on string", kind="web_page", held=True)
        Source.objects.create(ref="lost", title="A lost plan", kind="plan", not_held_note="Only its name is known.")
        for number in range(2):
            Statistic.objects.create(key=f"x{number}", label="kites", value=1, geography=strategy.area, source=used)
        finding = {"kind": "strength", "subject": sector, "source": used}
        for number in range(3):
            Finding.objects.create(ref=f"K{number}", statement="They fly.", **finding)
        Finding.objects.create(ref="K9", statement="A draft.", live=False, **finding)
    main = BeautifulSoup(client.get("/evidence/").content, "html.parser").main
    assert main is not None
    assert "Behind 2 figures and 3 findings" in text_of(main.find(id="source-x1"))
    assert "Behind" not in text_of(main.find(id="source-x2"))
    lost = main.find(id="source-lost").get_text(" ", strip=True)
    assert "Not held" in lost
    assert "Only its name is known." in lost
    link = main.find("a", href=f"{sector.url}#evidence")
    assert "3 findings" in text_of(link.find_parent("li"))
