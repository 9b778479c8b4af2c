"""The files below /data/: each keeps to the schema it names, and all of them hold what is public."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client

from nelis.core.models import SiteSettings
from nelis.evidence.models import Source, Statistic
from nelis.open_data.api import RESOURCES
from nelis.open_data.dump import field_name
from nelis.open_data.stratml import NAMESPACES, element
from nelis.progress.models import TargetPage
from sectors.models import PropositionPage
from tests.open_data.addresses import FILES
from tests.open_data.sample_series import make_series
from tests.progress.sample_targets import statement
from tests.sectors.sample_strategy import SampleStrategy

pytestmark = pytest.mark.django_db
#: The children that each element may have in part 1 of ISO 17469, in the order that it asks for.
PART_1 = {
    "StrategicPlan": "Name Description OtherInformation StrategicPlanCore AdministrativeInformation",
    "StrategicPlanCore": "Organization Vision Mission Value Goal",
    "Organization": "Name Acronym Identifier Description Stakeholder",
    "Goal": "Name Description Identifier SequenceIndicator Stakeholder OtherInformation Objective",
    "Objective": "Name Description Identifier SequenceIndicator Stakeholder OtherInformation",
    "Stakeholder": "Name Description",
    "AdministrativeInformation": "StartDate EndDate PublicationDate Source Submitter",
}
PART_2 = PART_1 | {
    "PerformancePlanOrReport": f"{PART_1['StrategicPlan']} Submitter",
    "Objective": f"{PART_1['Objective']} PerformanceIndicator",
    "Stakeholder": "Name Description Role",
    "Role": "Name Description RoleType",
    "PerformanceIndicator": (
        "SequenceIndicator MeasurementDimension UnitOfMeasurement Identifier Relationship MeasurementInstance "
        "OtherInformation"
    ),
    "MeasurementInstance": "Place TargetResult ActualResult",
    "TargetResult": "StartDate EndDate NumberOfUnits Descriptor Description",
    "ActualResult": "StartDate EndDate NumberOfUnits Descriptor Description",
    "AdministrativeInformation": "Identifier StartDate EndDate PublicationDate Source",
}
#: What must be there.
REQUIRED = {
    "StrategicPlan": {"Name", "StrategicPlanCore"},
    "PerformancePlanOrReport": {"Name", "StrategicPlanCore"},
    "StrategicPlanCore": {"Goal"},
    "Goal": {"Name", "Description"},
    "Stakeholder": {"Name"},
    "Role": {"Name"},
    "PerformanceIndicator": {"MeasurementDimension", "UnitOfMeasurement"},
}
#: What may come more than once.
REPEATED = {"Organization", "Value", "Goal", "Objective", "Stakeholder", "Role", "RoleType", "PerformanceIndicator"}


@pytest.fixture
def get(client: Client) -> Callable[[str], str]:
    def get(path: str) -> str:
        response = client.get(path)
        assert response.status_code == 200, path
        return response.getvalue().decode()

    return get


@pytest.fixture
def with_series(strategy: SampleStrategy):
    return make_series(Source.objects.get(ref="x0"))


def test_the_dump_keeps_to_its_schema(with_series, get):
    whole, schema = json.loads(get("/data/strategy.json")), json.loads(get("/data/strategy.schema.json"))
    assert whole["$schema"] == schema["$id"] == "http://testserver/data/strategy.schema.json"
    jsonschema_rs.validator_for(schema).validate(whole)
    whole["propositions"][0]["secret"] = "no part of the schema"
    assert not jsonschema_rs.validator_for(schema).is_valid(whole)


def test_the_dump_has_all_that_the_api_has(with_series, get, read):
    whole = json.loads(get("/data/strategy.json"))
    for resource in RESOURCES:
        items = whole[field_name(resource.name)]
        for item in items:
            item.pop("observations", None)
        assert items == read(f"/{resource.name}?limit=100")["items"], resource.name


def test_the_dump_is_made_anew_after_a_change(strategy: SampleStrategy, get):
    before = get("/data/strategy.json")
    assert get("/data/strategy.json") == before
    proposition = PropositionPage.objects.get(ref="P1")
    proposition.title = "Quite another title"
    proposition.save_revision().publish()
    assert "Quite another title" in get("/data/strategy.json")


@pytest.mark.parametrize(("part", "order"), [(1, PART_1), (2, PART_2)])
def test_stratml_has_the_elements_of_the_standard_in_their_order(part: int, order: dict[str, str], with_series, get):
    root = fromstring(get(f"/data/strategy-stratml-part-{part}.xml"))
    space = f"{{{NAMESPACES[part]}}}"
    identifiers = [found.text for found in root.iter(f"{space}Identifier")]
    assert len(identifiers) == len(set(identifiers)) > 0
    for parent in root.iter():
        name = parent.tag.removeprefix(space)
        children = [child.tag.removeprefix(space) for child in parent]
        allowed = order.get(name, "").split()
        assert children == sorted(children, key=allowed.index), name
        assert REQUIRED.get(name, set()) <= set(children), name
        assert all(children.count(child) == 1 for child in set(children) - REPEATED), name


def test_stratml_holds_every_proposition_and_target(strategy: SampleStrategy, get):
    for part, space in NAMESPACES.items():
        root = fromstring(get(f"/data/strategy-stratml-part-{part}.xml"))
        found = {objective.findtext(f"{{{space}}}Identifier") for objective in root.iter(f"{{{space}}}Objective")}
        assert found == {
            f"{kind}-{ref}"
            for kind, stem in (("proposition", "P"), ("target", "T"))
            for ref in (f"{stem}0", f"{stem}1", f"{stem}2")
        }


def test_stratml_says_what_a_target_wants_and_what_is_held(strategy: SampleStrategy, get):
    space = f"{{{NAMESPACES[2]}}}"
    root = fromstring(get("/data/strategy-stratml-part-2.xml"))
    [wanted, *_] = root.iter(f"{space}TargetResult")
    assert Decimal(wanted.findtext(f"{space}NumberOfUnits") or "") == 1000
    assert wanted.findtext(f"{space}EndDate") == "2024-12-31"
    [held, *_] = root.iter(f"{space}ActualResult")
    assert Decimal(held.findtext(f"{space}NumberOfUnits") or "") == 101


def test_stratml_names_who_runs_the_site_once_that_is_known(strategy: SampleStrategy, get):
    name = f".//{{{NAMESPACES[1]}}}Organization/{{{NAMESPACES[1]}}}Name"
    path = "/data/strategy-stratml-part-1.xml"
    assert fromstring(get(path)).findtext(name) is None
    settings = SiteSettings.objects.get()
    settings.operator_name = "Exampleshire Council"
    settings.save()
    assert fromstring(get(path)).findtext(name) == "Exampleshire Council"


def test_what_no_xml_can_hold_is_left_out():
    assert element("Name", text="a\x00b\x0b\ud800\ufffe c").text == "ab c"


def test_the_standard_has_two_parts(strategy: SampleStrategy, client: Client):
    assert client.get("/data/strategy-stratml-part-3.xml").status_code == 404


def test_a_series_as_csv_has_every_value_of_every_release(with_series, get):
    rows = list(csv.DictReader(io.StringIO(get("/data/series/s0.csv"))))
    found = [(row["period"], row["vintage"], row["value"]) for row in rows]
    assert found == [
        ("2017", "r1", "100"),
        ("2018", "r1", "100"),
        ("2017", "r2", "105"),
        ("2018", "r2", "105"),
    ]


def test_a_derived_series_is_worked_out(with_series, get):
    whole = json.loads(get("/data/series/s2.json"))
    assert [(item["period"], item["value"], item["vintage"]) for item in whole["observations"]] == [
        ("2017", 60.0, "r2"),
        ("2018", 60.0, "r2"),
    ]
    assert whole["derived_from"] == [{"series": "s0", "sign": 1}, {"series": "s1", "sign": -1}]


def test_a_series_says_its_releases_breaks_and_licence(with_series, get, read):
    record = read("/series/s0")
    assert [vintage["key"] for vintage in record["vintages"]] == ["r2", "r1"]
    assert record["breaks"] == [{"day": "2018-01-01", "note": "New weights"}]
    assert (record["licence"], record["source"]["ref"]) == ("A stated licence", "x0")
    assert read("/series?indicator=in-work&area=x88000001")["count"] == 1


def test_values_as_they_were_known_at_a_release(with_series, read):
    assert [item["value"] for item in read("/series/s0/observations")["items"]] == [105.0, 105.0]
    assert [item["value"] for item in read("/series/s0/observations?vintage=r1")["items"]] == [100.0, 100.0]
    assert [item["period"] for item in read("/series/s0/observations?since=2018-06-01")["items"]] == ["2018"]
    assert [item["period"] for item in read("/series/s0/observations?until=2018-06-01&limit=1")["items"]] == ["2017"]
    for missing in ("/series/s0/observations?vintage=r3", "/series/s9/observations", "/series/s9"):
        assert "no" in read(missing, 404)["detail"]


@pytest.mark.parametrize(
    ("table", "primary"), [("series/s0", ["period_start", "period_end", "vintage"]), ("figures", ["key"])]
)
def test_the_metadata_of_a_table_describe_it(table: str, primary: list[str], with_series, get):
    described, text = json.loads(get(f"/data/{table}.csv-metadata.json")), get(f"/data/{table}.csv")
    assert described["url"] == f"http://testserver/data/{table}.csv"
    rows = list(csv.DictReader(io.StringIO(text)))
    columns = described["tableSchema"]["columns"]
    assert list(rows[0]) == [column["name"] for column in columns]
    assert described["tableSchema"]["primaryKey"] == primary
    assert len({tuple(row[name] for name in primary) for row in rows}) == len(rows)
    for column in columns:
        values = [row[column["name"]] for row in rows]
        assert all(values) or not column["required"], column["name"]
        if column["datatype"] == "decimal":
            assert all(Decimal(value).is_finite() for value in values if value), column["name"]


def test_what_was_stated_of_a_target_and_when(strategy: SampleStrategy, get, read):
    target = TargetPage.objects.get(ref="T0")
    statement(target, "gain", 700, date(2018, 6, 30), known=date(2018, 10, 1), quotation="seven hundred kites")
    statement(target, "gain", 650, date(2018, 6, 30), known=date(2019, 3, 1), kind="press")
    statement(target, "gap_gone", 5, date(2018, 6, 30), known=date(2019, 3, 1), kind="press")
    found = read("/targets/T0")
    # A measure that only the press reports never stands alone.
    assert [(item["said_by"], item["value"]) for item in found["statements"]] == [("lep", 700.0), ("press", 650.0)]
    assert found["statements"][0]["known_since"] == "2018-10"
    assert ("700", "http://testserver/targets/target-0/as-at/2018-10/") in [
        (item["text"], item["url"]) for item in found["editions"]
    ]
    rows = list(csv.DictReader(io.StringIO(get("/data/statements.csv"))))
    assert [(row["target"], row["value"], row["quotation"]) for row in rows] == [
        ("T0", "700", "seven hundred kites"),
        ("T0", "650", ""),
    ]
    columns = json.loads(get("/data/statements.csv-metadata.json"))["tableSchema"]["columns"]
    assert list(rows[0]) == [column["name"] for column in columns]


def test_what_is_not_held_is_in_the_table_without_a_value(strategy: SampleStrategy, get):
    Statistic.objects.create(
        key="gap", label="kites flown", status="missing", geography=strategy.area, source=Source.objects.get(ref="x0")
    )
    [row] = [row for row in csv.DictReader(io.StringIO(get("/data/figures.csv"))) if row["key"] == "gap"]
    assert (row["status"], row["value"], row["text"]) == ("missing", "", "Figure not held")


@pytest.mark.parametrize("path", FILES)
def test_a_page_of_another_site_may_read_a_file(path: str, strategy: SampleStrategy, client: Client):
    response = client.get(path)
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (200, "*")
    assert client.get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_files_of_what_is_not_there(with_series, client: Client):
    for path in ("/data/series/s9.csv", "/data/series/s0.xlsx", "/data/nothing.json"):
        assert client.get(path).status_code == 404


def test_no_withdrawn_value_is_in_a_file(strategy: SampleStrategy, get, read):
    make_series(Source.objects.get(ref="x0"), secret="Kittiwake")
    files = [f"/data/series/s{number}.{kind}" for number in range(3) for kind in ("csv", "json", "csv-metadata.json")]
    for path in (*FILES, *files):
        text = get(path)
        assert "Kittiwake" not in text, path
        assert "1099" not in text, path
    assert "Kittiwake" not in json.dumps([read("/series"), read("/series/s0/observations")])


def test_the_catalogue_names_every_file(with_series, get):
    catalogue: Any = json.loads(get("/data/catalogue.jsonld"))
    files = {
        file["dcat:downloadURL"]["@id"] for data in catalogue["dcat:dataset"] for file in data["dcat:distribution"]
    }
    for url in files:
        get(url.removeprefix("http://testserver"))
    assert {f"http://testserver/data/series/s{number}.csv" for number in range(3)} <= files
