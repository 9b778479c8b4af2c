"""Every list and report of the admin exports files that open, and in which nothing is a formula."""

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageLogEntry

from nelis.core.csv_export import is_formula
from nelis.home.models import StandardPage
from tests.admin.addresses import admin_addresses

pytestmark = pytest.mark.pg

ODD = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\x0b=1", "a\x07b\x1b", "\ufffe\uffff", "＝1", "\u202e=1")
MOMENT = datetime(2019, 7, 16, 12, 30, tzinfo=UTC)


@pytest.fixture
def odd_titles(sample_site, person):
    """A site on which everything that is listed is called something odd."""
    writer = person("Content editor", name="writer")
    writer.first_name = "=1+1\x07"
    writer.save()
    page = sample_site.make(StandardPage)
    StandardPage.objects.update(title=ODD[0], draft_title=ODD[0])
    page.refresh_from_db()
    page.get_workflow().start(page, writer)
    for number, odd in enumerate(ODD):
        Redirect.objects.create(old_path=f"/{number}", redirect_link=odd)
        PageLogEntry.objects.create(
            content_type=page.content_type, page=page, label=odd, action="wagtail.edit", user=writer, timestamp=MOMENT
        )


def exports(client):
    """What each address that exports gives: (address, rows of its CSV, rows of its worksheet)."""
    for url, view in admin_addresses().items():
        if not (isinstance(view, type) and issubclass(view, SpreadsheetExportMixin)):
            continue
        plain, sheet = (client.get(url, {"export": kind}) for kind in ("csv", "xlsx"))
        # The lists of subscriptions export nothing here, and CSV alone.
        if plain["Content-Type"].startswith("text/csv") and sheet["Content-Type"] != plain["Content-Type"]:
            book = load_workbook(BytesIO(sheet.getvalue()))
            yield url, list(csv.reader(StringIO(plain.getvalue().decode()))), list(book.worksheets[0].iter_rows())


def test_whatever_things_are_called(odd_titles, signed_in):
    client = signed_in("Administrator", superuser=True)
    found = {}
    for url, lines, rows in exports(client):
        found[url] = len(lines)
        assert [cell for line in lines for cell in line if is_formula(cell)] == [], url
        assert [cell.value for row in rows for cell in row if cell.data_type == "f"] == [], url
        assert len([line for line in lines if line]) == len(rows), url
    reports = [f"/admin/reports/{name}/" for name in ("site-history", "workflow", "aging-pages")]
    assert [url for url in (*reports, "/admin/redirects/") if found.get(url, 0) < 2] == []


def test_moments_are_londons(odd_titles, signed_in):
    client = signed_in("Administrator", superuser=True)
    (rows, sheet) = next((lines, rows) for url, lines, rows in exports(client) if "site-history" in url)
    assert "2019-07-16T13:30:00" in {cell for line in rows for cell in line}
    assert "2019-07-16 13:30:00" in {str(cell.value) for row in sheet for cell in row}
