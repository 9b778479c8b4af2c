"""What the columns of simple tables are called, and what each name stands for."""

import re

from nelis.evidence.imports.periods import parse_period
from nelis.evidence.imports.records import header_name

_NAMES = {
    "period": "year|period|date|time|time period|quarter|month|period label|period name|date name|dates date|years",
    "area_code": "areacd|area code|geography code|code|itl code|nuts code|lad code|gss code|ons code|geocode|mnemonic",
    "area_name": "areanm|area|area name|geography name|name|region name|region|local authority|local authority name|"
    "place|lad name|country",
    "indicator": "indicator|indicator name|variable|variable name|statistic",
    "value": "value|values|observation|obs value|figure|estimate",
    "unit": "unit|units|unit of measure|unit measure",
    "numerator": "numerator",
    "denominator": "denominator",
    "confidence": "conf|confidence|ci|confidence interval|ci95|95% ci|margin",
    "lower": "lower|lci|lci 95|lower ci|ci lower|lower 95|lower limit|lower bound|lower confidence interval|"
    "lower confidence limit|lower ci 95",
    "upper": "upper|uci|uci 95|upper ci|ci upper|upper 95|upper limit|upper bound|upper confidence interval|"
    "upper confidence limit|upper ci 95",
    "flag": "flag|flags|status|status flag|marker|obs status|observation status|data marking",
    # What narrows what is measured.
    "dimension": "treatment|smoothing|sex|gender|age|age group|industry|occupation|sector|employment status|ethnicity|"
    "disability|series|type|breakdown|cell|tenure",
    # What says nothing that is held.
    "aside": "geography|geography type|area type|itl level|level|category|measure|note|notes|source|mad|decimals|"
    "footnote|footnotes|comment|comments|unit multiplier",
}
_ROLES = {name: role for role, names in _NAMES.items() for name in names.split("|")}
_OFFICIAL_CODE = re.compile(r"[a-z]{2,6}\d\d(?P<what>cd|nm)")
#: Roles that make a row of headings: a table has one of them at least.
_TELLING = frozenset({"period", "area_code", "area_name", "value", "indicator"})
#: Official codes of areas, and those of the statistics of productivity.
AREA_CODE = re.compile(r"[EWSNKJL]\d{8}|TL[A-Z0-9]{1,3}|UKX?")


def role_of(cell: str) -> str:
    """What a column with the heading ``cell`` holds; empty where that can't be told by its name."""
    name = header_name(cell)
    if name in _ROLES:
        return _ROLES[name]
    if match := _OFFICIAL_CODE.fullmatch(name):
        return "area_code" if match["what"] == "cd" else "area_name"
    return ""


def is_label(cell: str) -> bool:
    """Whether ``cell`` is the name of a line above a table, such as “Date:”."""
    return cell.endswith(":")


def is_table_header(cells: list[str]) -> bool:
    """Whether ``cells`` are the headings of a simple table: names that are known, or periods as columns."""
    if not cells or is_label(cells[0]):
        return False
    filled = [cell for cell in cells if cell]
    roles = {role_of(cell) for cell in filled}
    if len(filled) < 2 or any(len(cell) > 120 for cell in filled):
        return False
    return bool(roles & _TELLING) and not all(_is_number(cell) for cell in filled[1:] if not parse_period(cell))


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"-?[\d,]+(\.\d+)?", cell))
