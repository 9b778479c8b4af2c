"""A series of Exampleshire on a served site, an analyst to bring it up to date, and their files."""

from datetime import date

from nelis.evidence.imports.approval import Release, approve
from nelis.evidence.imports.reading import Choices
from nelis.evidence.models import GeoArea, Indicator, Source
from tests.browser.staff_accounts import make_staff

FIRST = b"area code,indicator,year,value\nX99000001,Kite rate,2020,60\nX99000001,Kite rate,2021,61\n"
REFUSED = b"area code,indicator,year,value\nX99000001,Kite rate,2020,sixty\n"
#: Revises one value, adds another, and doesn't say what it is about.
LATER = b"area code,year,Boats afloat\nX99000001,2021,61.5\nX99000001,2022,63\n"


def make_series() -> None:
    """The series, with one release."""
    make_staff("ann", "Analyst")
    source = Source.objects.create(ref="X1", title="Kite survey", kind="statistics", held=True)
    GeoArea.objects.create(code="X99000001", name="Exampleshire")
    Indicator.objects.create(code="kite-rate", name="Kite rate", unit="percent", kind="rate", decimals=1, factor=100)
    approve(FIRST, "kites.csv", Choices(), Release("Kites, May 2022", source, date(2022, 5, 1)))
