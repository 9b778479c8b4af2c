"""Write what the web server in front needs to answer by itself as the site would: error pages and headers."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string

from nelis.core.middleware.security_headers import COMMON_HEADERS, PUBLIC_POLICY, policy_text

#: Which page stands for which status. 494 to 497 are nginx's own: headers too large, certificates, HTTP on a TLS port.
PAGES = {
    "400": ("400", "405", "408", "411", "414", "421", "431", "494", "495", "496", "497"),
    "403": ("403",),
    "404": ("404",),
    "too_large": ("413",),
    "unavailable": ("500", "501", "502", "503", "504"),
}
#: What a reader is shown of nginx's own numbers.
SHOWN_AS = dict.fromkeys(("494", "495", "496", "497"), "=400 ")

#: Seconds after which to try again, where that may help.
RETRY = 'map $status $nelis_retry {\n    default "";\n    ~^50[0234]$ 60;\n}\n'


class Command(BaseCommand):
    """``manage.py write_front_pages``: into DATA_DIR/front, after each change of version or of settings."""

    help = "Write the error pages and headers of the web server in front (deploy/nginx.conf)."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.DATA_DIR) / "front"
        folder.mkdir(parents=True, exist_ok=True)
        for name in PAGES:
            (folder / f"{name}.html").write_text(
                render_to_string(f"errors/{name}.html", {"words": ""}), encoding="utf-8"
            )
        (folder / "http.conf").write_text(hsts() + RETRY, encoding="utf-8")
        (folder / "headers.conf").write_text(headers(), encoding="utf-8")
        (folder / "errors.conf").write_text(error_pages(folder), encoding="utf-8")
        self.stdout.write(f"Written to {folder}. Now reload nginx.")


def hsts() -> str:
    """Return the map of $nelis_hsts: a promise that is made on encrypted connections only."""
    promise = f"max-age={settings.SECURE_HSTS_SECONDS}"
    promise += "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
    promise += "; preload" if settings.SECURE_HSTS_PRELOAD else ""
    shown = promise if settings.SECURE_HSTS_SECONDS else ""
    return f'map $https $nelis_hsts {{\n    default "";\n    on "{shown}";\n}}\n'


def headers() -> str:
    """Return the site's security headers as nginx's directives."""
    sent = {"Content-Security-Policy": policy_text(PUBLIC_POLICY), **COMMON_HEADERS, "X-Frame-Options": "DENY"}
    sent |= {"Cache-Control": "no-store", "Strict-Transport-Security": "$nelis_hsts", "Retry-After": "$nelis_retry"}
    return "".join(f'add_header {name} "{value}" always;\n' for name, value in sent.items())


def error_pages(folder: Path) -> str:
    """Return the directives that send an error page with the site's headers, whatever failed."""
    lines = [
        f"error_page {status} {SHOWN_AS.get(status, '')}/_front/{name}.html;"
        for name, statuses in PAGES.items()
        for status in statuses
    ]
    location = f"location ^~ /_front/ {{\n    internal;\n    alias {folder}/;\n    include {folder}/headers.conf;\n}}"
    return "\n".join([*lines, location, ""])
