"""The pages the law asks for: there, dated, with what has to stand in them, and led to from every page."""

import pytest
from bs4 import BeautifulSoup

# Read-only, and told by the files: nothing here comes out differently on another database.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("loaded")]

#: Headings of the model statement that the public sector regulations of 2018 refer to.
STATEMENT = {
    "Feedback and contact information",
    "Enforcement procedure",
    "Compliance status",
    "Non-accessible content",
    "Preparation of this accessibility statement",
}
PAGES = {
    "/accessibility/": STATEMENT,
    "/privacy/": {"What we collect", "Your rights", "Who is responsible"},
    "/cookies/": {"If you read this site", "If you edit this site"},
}


def soup(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


@pytest.mark.parametrize(("path", "headings"), PAGES.items(), ids=PAGES)
def test_what_has_to_stand_there(client, path, headings):
    main = soup(client, path).main
    assert headings <= {heading.get_text(strip=True) for heading in main.find_all(["h2", "h3"])}
    assert main.find("time", datetime=True), "It doesn't say when it was last changed."


def test_the_statement_says_when_it_was_prepared(client):
    assert "prepared on 22 November 2026" in soup(client, "/accessibility/").main.get_text()


@pytest.mark.parametrize("path", ["/", "/propositions/"])
def test_every_page_leads_there(client, path):
    assert {link["href"] for link in soup(client, path).footer.find_all("a")} >= set(PAGES)


def test_security_txt_says_until_when_it_holds(client):
    text = client.get("/.well-known/security.txt").text
    assert {line.split(":")[0] for line in text.splitlines() if ":" in line} >= {"Contact", "Expires"}
