"""The forms of a page of the admin, filled in as somebody with a browser would, and as somebody without one could."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.admin.object_factory import picture

#: What no form offers to people who may not set it, and somebody could send all the same.
FORGED = {"is_superuser": "on", "is_active": "on", "is_staff": "on"}
#: What is typed into an empty field, by what its name ends with.
TYPED = {
    "email": "new@example.org",
    "address": "new@example.org",
    "url": "https://example.org/",
    "date": "2030-01-01",
    "_at": "2030-01-01 12:00",
    "until": "2030-01-01",
    "slug": "walked",
    "username": "walked",
    "hostname": "walked.example.org",
    "old_path": "/walked",
    "confirm_site_name": "",
}


@dataclass(frozen=True)
class PageForm:
    """One form that is sent by POST."""

    action: str
    data: dict[str, Any]


def page_forms(html: str, url: str) -> list[PageForm]:
    """Every form of a page that changes something, with all its fields filled in."""
    page = BeautifulSoup(html, "html.parser")
    found = []
    for form in page.find_all("form"):
        action = urljoin(url, str(form.get("action") or url))
        # One without a token is never sent: a script reads it.
        is_sent = str(form.get("method", "")).lower() == "post" and form.find("input", {"name": "csrfmiddlewaretoken"})
        if is_sent and "/logout/" not in action:
            data = {name: values if len(values) > 1 else values[0] for name, values in fields(form).items()}
            found.append(PageForm(action, data))
    return found


def fields(form: Tag) -> dict[str, list[Any]]:
    """What a form sends."""
    sent: dict[str, list[Any]] = {}
    for tag in form.find_all(["input", "select", "textarea", "button"]):
        name = str(tag.get("name") or "")
        if name and not tag.has_attr("disabled") and "__prefix__" not in name:
            for value in values(tag, sent):
                sent.setdefault(name, []).append(value)
    # What a script makes of the blocks of a body: here, none.
    for block in form.select("[data-block], [data-controller~=w-block]"):
        if block.get("id"):
            sent.setdefault(f"{block['id']}-count", ["0"])
    return sent


def values(tag: Tag, sent: dict[str, list[Any]]) -> Iterator[Any]:
    """What one field sends, after those before it."""
    name, kind = str(tag["name"]), str(tag.get("type") or "text").lower()
    value = str(tag.get("value") or "")
    if tag.name == "button" or kind in ("submit", "image"):
        # One press: of the first button that says what it does.
        if tag.name == "button" and not any(sent.get(key) for key in ("pressed", name)):
            yield value
    elif tag.name == "select":
        options = tag.find_all("option")
        chosen = [option for option in options if option.has_attr("selected")]
        usable = [option for option in options if option.get("value")]
        yield from (str(option.get("value", "")) for option in chosen if option.get("value"))
        if not any(option.get("value") for option in chosen) and usable:
            yield str(usable[0]["value"])
    elif kind in ("checkbox", "radio"):
        if tag.has_attr("checked") or (kind == "radio" and not sent.get(name)):
            yield value or "on"
    elif kind == "file":
        # A file in the place of another would be deleted at once, with which nothing else could be tried.
        if tag.has_attr("required"):
            yield upload(str(tag.get("accept") or ""))
    elif tag.name == "textarea":
        yield tag.get_text() or "Words."
    else:
        yield value if value or kind == "hidden" else typed(name, kind)


def typed(name: str, kind: str) -> str:
    """What somebody types into an empty field."""
    if kind == "number":
        return "1"
    if kind == "password":
        return "a very long secret"
    known = next((value for end, value in TYPED.items() if name.endswith(end)), None)
    return "Words" if known is None else known


def upload(accept: str) -> SimpleUploadedFile:
    """A file of the kind that is asked for."""
    if re.search("image|png", accept):
        return SimpleUploadedFile("walked.png", picture(), "image/png")
    return SimpleUploadedFile("walked.csv", b"address\nanna@example.org\n", "text/csv")
