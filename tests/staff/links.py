"""Links of mails to staff, followed as a browser would."""

import re
from urllib.parse import urlsplit

from django.test import Client


def follow_password_link(client: Client, text: str, password: str) -> None:
    """Open the link of an email, and choose a password on the page behind it if there is a form."""
    link = urlsplit(re.search(r"https?://\S+/confirm/\S+", text)[0]).path
    response = client.get(link)
    if response.status_code == 302:
        client.post(response.url, {"new_password1": password, "new_password2": password})
