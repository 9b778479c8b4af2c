"""Every search box of the admin takes whatever is typed."""

import pytest
from django.core.files.base import ContentFile
from wagtail.images.tests.utils import get_test_image_file

from nelis.core.models import SiteDocument, SiteImage
from tests.admin.addresses import admin_addresses

pytestmark = [
    pytest.mark.pg,
    # Wagtail leaves the files it makes small versions from for Python to close.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

#: What people type or paste, and what means something to a search engine, a pattern or a database.
ODD = (
    '"',
    "'",
    '"kites',
    'kites"" OR ""',
    "''",
    "\\",
    "\\'",
    "%",
    "%s %d %(a)s",
    "_",
    "*",
    "kite*",
    "-kites",
    "NOT kites",
    "kites AND",
    "AND OR NOT",
    "NEAR(a b)",
    "title:kites",
    "{a b} : c",
    "^kites",
    "(",
    ")",
    "a:*b",
    "a & | ! b",
    "<->",
    "kites; --",
    "\x00",
    "\x07\x1b",
    "\ufffe\uffff",
    "\u202e\u200b",
    "’“”",
    "🪁",
    "ﬁ ① ǆ",
    "   ",
    "k" * 300,
    "a " * 200,
    "live:true",
    'live:"yes',
    "[]",
    "{}",
    "None",
)

#: Stands for all of them where one request has to do.
WORST = ('"kites', "   ", " ".join(ODD))
#: What the boxes are called in addresses.
PARAMETERS = {"/admin/tag-autocomplete/": "term", "/admin/api/": "search"}


@pytest.fixture
def boxes(sample_site):
    """Every list and chooser that searches, and the name of its box; there is something to be found in each."""
    SiteImage.objects.create(title="Kites", file=get_test_image_file(), description="Kites")
    SiteDocument.objects.create(title="Kites", file=ContentFile(b"Kites", "kites.txt"))
    parts = ("/results/", "/search/", "/suppressed/", *PARAMETERS)
    found = [url for url in admin_addresses() if any(part in url for part in parts) and not url.endswith("/find/")]
    assert len(found) > 40
    return [(url, next((name for start, name in PARAMETERS.items() if url.startswith(start)), "q")) for url in found]


def failures(client, boxes, typed):
    """Where the server failed, and on what."""
    client.raise_request_exception = False
    return [(url, words) for url, name in boxes for words in typed if client.get(url, {name: words}).status_code >= 500]


def test_what_breaks_search_engines(boxes, signed_in):
    assert failures(signed_in("Administrator", superuser=True), boxes, WORST) == []


@pytest.mark.slow
def test_everything_odd(boxes, signed_in):
    assert failures(signed_in("Administrator", superuser=True), boxes, ODD) == []


@pytest.mark.parametrize("typed", ['"kites', 'kites"', '"kites"', 'kites "'])
def test_words_beside_odd_signs_are_found(boxes, signed_in, typed):
    client = signed_in("Administrator", superuser=True)
    for url in ("/admin/images/results/", "/admin/documents/results/"):
        assert "Kites" in client.get(url, {"q": typed}).text, url
