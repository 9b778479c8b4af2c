"""The one style sheet made of many."""

import brotli
import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from nelis.core.staticfiles import SHEET, FlatSheet
from nelis.core.stylesheets import flatten, squeeze


def sheets(**files: str):
    return lambda name: files[name.removesuffix(".css")]


def test_imports_give_way_to_what_they_name_in_order():
    read = sheets(
        site='@layer a, b;\n@import "one.css";\n@import "two.css" layer(b);\np { color: red; }', one="b {}", two="i {}"
    )
    assert flatten("site.css", read) == "@layer a,b;b{}@layer b{i{}}p{color: red}"


@pytest.mark.parametrize("line", ["@import url(one.css);", '@import "one.css" print;', "@import 'one.css';"])
def test_an_import_that_a_browser_would_have_to_fetch_is_refused(line: str):
    with pytest.raises(ValueError, match="only @import"):
        flatten("site.css", sheets(site=line, one="b {}"))


@pytest.mark.parametrize(
    ("css", "short"),
    [
        ("a { color: red; }  /* why */\n\n b , i { top: 0 }", "a{color: red}b,i{top: 0}"),
        ("a :hover > b + i {}", "a :hover > b + i{}"),
        ('q::before { content: "  /* kept */ ;  " }', 'q::before{content: "  /* kept */ ;  "}'),
        ("p { background: url(data:image/svg+xml;utf8,<a  b>) }", "p{background: url(data:image/svg+xml;utf8,<a  b>)}"),
        ("p { inset: calc(1px + 2px) /* two */ 0 }", "p{inset: calc(1px + 2px) 0}"),
        ("@media (width >= 1rem) and (print) { p { } }", "@media (width >= 1rem) and (print){p{}}"),
    ],
)
def test_only_what_means_nothing_is_taken_out(css: str, short: str):
    assert squeeze(css) == short


def test_the_sheet_of_the_site_comes_in_one_piece_within_its_budget():
    with FlatSheet(FileSystemStorage(settings.BASE_DIR / "static")).open(SHEET) as file:
        sheet = file.read()
    assert b"@import" not in sheet
    assert b"@layer print" in sheet, "the last of the sheets is missing"
    assert len(brotli.compress(sheet)) <= 14 * 1024
