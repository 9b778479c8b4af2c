"""Check the conventions no other tool knows: templates people can read, no scraps of modules, no dead code.

``python -m tools.conventions`` prints each breach with its reason and fails if there is one.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).resolve().parents[1]
APPLICATION = ("nelis", "sectors", "engagement")
HELPERS = ("tools", "bench")
#: Longer lines of a template aren't read by people.
LONGEST_LINE = 200
#: Attributes may hold tags of the template language, and these a ">".
TEXT_AREA = re.compile(r"<textarea(?:\{\{.*?\}\}|\{%.*?%\}|[^>])*>(?P<value>.*?)</textarea>", re.DOTALL)
#: A shorter module is better part of its neighbour.
SHORTEST_MODULE = 15
#: Modules that Django or Python looks for by their names, however little they hold; settings are one file a purpose.
MAY_BE_SHORT = (
    *("__init__.py", "apps.py", "urls.py", "wsgi.py", "wagtail_hooks.py"),
    *("settings.py", "*/settings/*", "*/migrations/*", "*/management/commands/*"),
    *("periodic_tasks.py", "search_urls.py"),
)

#: Names that Django, Wagtail, Python or gunicorn call, so that nothing of ours does.
CALLED_BY_OTHERS = (
    *("*Config", "add_arguments", "process_exception", "process_view"),  # Django: apps, commands, middleware
    *("clean_*", "label_from_instance"),  # Django: forms
    *("get_many", "get_object", "bulk_update", "_open"),  # Django: caches, views, querysets, storages
    *("item_*", "feed_*", "lastmod", "location", "get_domain", "get_protocol"),  # Django: feeds and sitemaps
    *("get_success_url", "get_base_queryset", "header_buttons", "get_initial_form_instance"),  # Wagtail: views
    "get_page_subtitle",  # the same
    *("is_open_for_signup", "pre_authenticate", "get_client_ip", "is_reauthentication_required"),  # allauth: adapters
    *("can_delete_authenticator", "_get_user_identifier", "_rollback_login_failed_rl_usage"),  # the same
    *("permissions_for_user", "get_view_restrictions", "can_set_view_restrictions"),  # Wagtail: pages
    "permission_policy",  # Wagtail: viewsets
    *("get_preview_*", "preview_modes", "serve_preview", "default_alt_text"),  # Wagtail: previews and images
    *("title_words", "text_words"),  # Wagtail: search fields
    "get_openapi_operation_id",  # Django Ninja
    *("handle_*", "on_starting", "when_ready"),  # html.parser, aiosmtpd, gunicorn
)
#: A function under one of these is called by whoever it is registered with.
REGISTERING = (
    *("@receiver", "@register*", "@hooks.register*", "@*.register*"),  # Django and Wagtail
    *("@composer*", "@*.composer*", "@periodic_task*", "@url_resolver*"),  # ours
    *("@retention_rule*", "@page_context*", "@data_provider*", "@eraser*", "@path*"),
    "@router.read*",  # endpoints of the API
)


def main() -> int:
    """Print what breaks a convention; the number of breaches."""
    breaches = [*long_lines(), *padded_values(), *scraps(), *dead_code()]
    print(*breaches, sep="\n")
    return len(breaches)


def long_lines() -> Iterator[str]:
    """Lines of templates that are too long to read. Not of plain text, where a new line is one for the reader, too."""
    for file in sorted((ROOT / "templates").rglob("*.html")):
        for number, line in enumerate(file.read_text().splitlines(), start=1):
            if len(line) > LONGEST_LINE:
                yield f"{file.relative_to(ROOT)}:{number}: {len(line)} characters, {LONGEST_LINE} at most"


def padded_values() -> Iterator[str]:
    """Text areas whose value doesn't adjoin their tags: a browser would send the layout of the template with it."""
    for file in sorted((ROOT / "templates").rglob("*.html")):
        for match in TEXT_AREA.finditer(text := file.read_text()):
            if match["value"] != match["value"].strip():
                number = text.count("\n", 0, match.start()) + 1
                yield f"{file.relative_to(ROOT)}:{number}: white space around the value of a textarea is sent with it"


def scraps() -> Iterator[str]:
    """Modules that are too short to be looked up."""
    for package in (*APPLICATION, "tools"):
        for file in sorted((ROOT / package).rglob("*.py")):
            if any(file.match(pattern) for pattern in MAY_BE_SHORT):
                continue
            if (length := len(file.read_text().splitlines())) < SHORTEST_MODULE:
                yield f"{file.relative_to(ROOT)}: {length} lines, {SHORTEST_MODULE} at least: make it part of another"


def dead_code() -> Iterator[str]:
    """Functions, methods and classes that nothing names: of the application, nothing but a test."""
    named = set(re.findall(r"\w+", " ".join(file.read_text() for file in (ROOT / "templates").rglob("*.*"))))
    # Django and Wagtail are told the names of methods as text.
    for package in APPLICATION:
        for file in (ROOT / package).rglob("*.py"):
            if "migrations" not in file.parts:
                named |= set(re.findall(r"""["'](\w+)["']""", file.read_text()))
    for reported, users in ((APPLICATION, HELPERS), (HELPERS, (*APPLICATION, "tests"))):
        finder = Vulture(ignore_names=list(CALLED_BY_OTHERS), ignore_decorators=list(REGISTERING))
        finder.scavenge([str(ROOT / folder) for folder in (*reported, *users)], exclude=["*/migrations/*"])
        for item in finder.get_unused_code():
            file = item.filename.relative_to(ROOT)
            # Variables are mostly attributes of classes that Django and Wagtail read.
            found = item.typ not in {"variable", "attribute"} and item.name not in named
            if found and file.parts[0] in reported:
                yield f"{file}:{item.first_lineno}: nothing uses the {item.typ} {item.name}"


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
