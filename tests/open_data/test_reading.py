"""Lists in parts, single records, filters, and what is said to a request that can't be answered."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from nelis.open_data.api import RESOURCES
from sectors.models import PropositionPage, StrategyLink
from tests.sectors.sample_strategy import SampleStrategy

pytestmark = pytest.mark.django_db


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}".removeprefix("/api/v1")


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_every_kind_has_a_list(resource: Any, strategy: SampleStrategy, read):
    found = read(f"/{resource.name}")
    assert found["count"] == resource.public().count()
    assert len(found["items"]) == min(found["count"], 50)


def test_a_list_leads_to_all_of_its_parts(strategy: SampleStrategy, read):
    first = read("/propositions?limit=2")
    second = read(path_of(first["next"]))
    refs = [item["ref"] for item in (*first["items"], *second["items"])]
    assert refs == list(PropositionPage.objects.order_by("path").values_list("ref", flat=True))
    assert (first["previous"], second["next"]) == (None, None)
    assert read(path_of(second["previous"])) == first
    assert path_of(second["previous"]) == "/propositions?limit=2&offset=0"


def test_beyond_the_end_is_an_empty_part(strategy: SampleStrategy, read):
    found = read("/propositions?offset=1000000")
    assert (found["count"], found["items"], found["next"]) == (3, [], None)


@pytest.mark.parametrize("ref", ["P1", "p1"])
def test_one_proposition_has_what_its_page_has(ref: str, strategy: SampleStrategy, read):
    found = read(f"/propositions/{ref}")
    assert found["url"] == "http://testserver/propositions/proposition-1/"
    assert found["what_we_propose"] == "This."
    assert found["theme"]["slug"] == "sector-0"
    assert [role["organisation"]["ref"] for role in found["organisations"]] == ["organisation-0"]
    assert {link["to"]["slug"] for link in found["links"] if link["to"]["kind"] == "challenge"} == {
        "challenge-0",
        "challenge-1",
        "challenge-2",
    }
    assert [link["finding"]["ref"] for link in found["evidence"]] == ["sec0-0"]


def test_a_version_is_what_was_published(strategy: SampleStrategy, read):
    [line] = read("/propositions/P0")["versions"]
    version = read(f"/propositions/P0/versions/{line['number']}")
    assert version["url"].endswith("/propositions/proposition-0/v1/")
    assert version["content"]["sections"]
    assert {name: version[name] for name in line} == line


def test_a_link_is_found_from_either_end(strategy: SampleStrategy, read):
    StrategyLink.objects.all().delete()
    proposition, challenge = strategy.pages["proposition"][1], strategy.pages["challenge"][1]
    StrategyLink.objects.create(page=challenge, target=proposition, basis="stated")
    [link] = read("/propositions/P1")["links"]
    assert (link["to"]["ref"], link["recorded_here"]) == ("c1", False)
    [back] = read("/challenges/c1")["links"]
    assert (back["to"]["ref"], back["recorded_here"]) == ("P1", True)
    assert [item["ref"] for item in read("/propositions?challenge=challenge-1")["items"]] == ["P1"]


@pytest.mark.parametrize(
    ("query", "refs"),
    [
        ("sector=sector-0", ["P0", "P1", "P2"]),
        ("theme=SECTOR-0&limit=1", ["P0"]),
        ("sub_sector=sub-sector-1", ["P0"]),
        ("stage=idea", ["P0", "P1", "P2"]),
        ("stage=agreed", []),
        ("partner=organisation-2", ["P0"]),
        ("evidence=context", ["P0", "P1", "P2"]),
        ("evidence=context&basis=stated", []),
        ("deal=no-such-deal", []),
        ("updated_since=2019-07-16", ["P0"]),
        ("updated_since=0001-01-01", ["P0"]),
        ("updated_since=9999-12-31", []),
    ],
)
def test_filters_of_propositions(query: str, refs: list[str], strategy: SampleStrategy, read):
    assert [item["ref"] for item in read(f"/propositions?{query}")["items"]] == refs


@pytest.mark.parametrize(
    ("path", "refs"),
    [
        ("/projects?kind=site&limit=1", ["project-0"]),
        ("/projects?status=in_place", []),
        ("/organisations?kind=company", ["organisation-0", "organisation-1", "organisation-2"]),
        ("/organisations?kind=university", []),
        ("/sources?held=false", ["x1"]),
        ("/sources?kind=report&held=true", ["x0", "x2"]),
        ("/findings?kind=context&about=sector-0", ["sec0-0", "sec0-1", "sec0-2"]),
        ("/findings?led_to_something=false&about=sub-sector-0&kind=context", ["sub0-0", "sub0-2"]),
        ("/changes?since=2019-07-16&ref=p0&kind=new", ["P0"]),
        ("/changes?kind=withdrawn", []),
    ],
)
def test_other_filters(path: str, refs: list[str], strategy: SampleStrategy, read):
    assert [item["ref"] for item in read(path)["items"]] == refs


def test_figures_say_what_is_not_held_and_what_is_disputed(strategy: SampleStrategy, read):
    found = {item["key"]: item for item in read("/figures?status=disputed")["items"]}
    assert found["x1-0"]["disputed_by"] == ["x1-1"]
    assert read("/figures?status=missing")["count"] == 0
    assert read("/figures?source=X2&area=x99000001")["count"] == 2


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/propositions?sectr=kites", "“sectr” is no parameter of this address. Known here: "),
        ("/propositions/P1?limit=2", "“limit” is no parameter of this address. None are known here."),
        ("/propositions?limit=101", "limit: "),
        ("/propositions?limit=0", "limit: "),
        ("/propositions?offset=-1", "offset: "),
        ("/propositions?stage=soon", "stage: "),
        ("/propositions?sector=a%00b", "sector: "),
        ("/propositions?updated_since=16.7.2019", "updated_since: "),
        ("/propositions/%00", "ref: "),
        ("/propositions/P0/versions/one", "number: "),
    ],
)
def test_what_is_not_understood_is_refused_in_words(path: str, words: str, strategy: SampleStrategy, read):
    answer = read(path, 400)
    assert answer["detail"] == "Something in the address isn’t understood."
    [problem] = answer["problems"]
    assert problem.startswith(words)


@pytest.mark.parametrize(
    "path",
    ["/propositions/P99", "/propositions/P0/versions/9", "/propositions/P0/versions/-1", "/nothing", "/x/y/z"],
)
def test_what_is_not_there_is_said_in_words(path: str, strategy: SampleStrategy, read):
    assert read(path, 404)["detail"].startswith("There is no")


def test_a_page_of_another_site_may_read_it(strategy: SampleStrategy, client: Client):
    for path, status in (("/propositions", 200), ("/propositions/P99", 404), ("/propositions?x=1", 400)):
        response = client.get(f"/api/v1{path}", headers={"Origin": "https://example.org"})
        assert response.status_code == status
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert not response.cookies
    assert "Access-Control-Allow-Origin" not in client.get("/propositions/")
    asked = client.options("/api/v1/propositions")
    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(method: str, strategy: SampleStrategy, client: Client):
    response = getattr(client, method)("/api/v1/propositions/P0")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert "can be read only" in response.json()["detail"]


def test_what_has_not_changed_is_not_sent_again(strategy: SampleStrategy, client: Client):
    first = client.get("/api/v1/propositions/P0")
    again = client.get("/api/v1/propositions/P0", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    # The server in front may keep either to the end of the second.
    assert first["Cache-Control"] == again["Cache-Control"] == "no-cache"
    assert first.has_header("X-Accel-Expires")
    assert again.has_header("X-Accel-Expires")
    assert again["Access-Control-Allow-Origin"] == "*"
    proposition = PropositionPage.objects.get(ref="P0")
    proposition.title = "Renamed"
    proposition.save_revision().publish()
    changed = client.get("/api/v1/propositions/P0", headers={"If-None-Match": first["ETag"]})
    assert changed.json()["title"] == "Renamed"


def test_head_answers_like_get(strategy: SampleStrategy, client: Client):
    response = client.head("/api/v1/propositions/P0")
    assert (response.status_code, response.content) == (200, b"")


def test_a_mistake_of_ours_is_said_in_json(strategy: SampleStrategy, monkeypatch, settings):
    def fail(*args: Any) -> None:
        raise RuntimeError("A secret of the machine")

    monkeypatch.setattr("nelis.open_data.routers.propositions._filtered", fail)
    response = Client(raise_request_exception=False).get("/api/v1/propositions")
    assert response.status_code == 500
    assert response.json()["detail"].startswith("There is a problem with the site.")
