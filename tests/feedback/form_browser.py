"""A browser without scripts, for tests of the forms."""

import re
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client

__all__ = ["Browser"]


class Browser:
    """Fills forms in as they stand on the page. Keeps no cookie that it isn't given."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def open(self, url: str) -> Any:
        """A page, after its redirects."""
        response = self.client.get(url, follow=True)
        self.took(response, url)
        return response

    def took(self, response: Any, url: str) -> None:
        for where, _ in getattr(response, "redirect_chain", []):
            url = where
        self.url = url
        assert not response.cookies
        self.page = BeautifulSoup(response.content, "html.parser")
        self.status = response.status_code

    def form(self) -> dict[str, Any]:
        """What the first form of the main part would send as it stands."""
        sent: dict[str, Any] = {}
        form = self.page.main.find("form")
        for control in form.find_all(["input", "textarea"]):
            name = control.get("name")
            if control.name == "textarea":
                sent[name] = control.text.removeprefix("\n")
            elif control["type"] in ("radio", "checkbox"):
                if control.has_attr("checked"):
                    sent.setdefault(name, []).append(control["value"] if control.has_attr("value") else "on")
            else:
                sent[name] = control.get("value", "")
        return sent

    def send(self, **values: Any) -> Any:
        """Send the form on the page, changed."""
        action = self.page.main.find("form").get("action") or self.url
        response = self.client.post(action, self.form() | values, follow=True)
        self.took(response, action)
        return response

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", self.page.main.get_text(" "))
