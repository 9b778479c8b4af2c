"""The public site. Everything secret or specific comes from the environment; without it the site doesn't start."""

from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

from . import environment as env
from . import mail
from .base import *  # noqa: F403
from .base import BASE_URL, DATABASES, SITE_NAME
from .secret_key import key_weakness

SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS")
# Hashes email addresses, so that suppressed ones are recognised after erasure. Never change it.
ADDRESS_KEY = env.text("ADDRESS_KEY")
# The first signs the links in emails, all are accepted: put a new one in front, and keep the old ones.
LINK_KEYS = env.items("LINK_KEYS")

# A request that waits for somebody else's lock gives up and says so (503). SQLite's own patience is in its options.
_options: Any = DATABASES["default"]["OPTIONS"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    _options.setdefault("options", "-c lock_timeout=10s")

MAIL_PROVIDER = env.text("MAIL_PROVIDER", mail.SMTP)


def problems() -> list[str]:
    """Return everything that is missing or wrong in the environment, at once."""
    found = []
    if not SECRET_KEY:
        found.append("SECRET_KEY is not set. It needs 50 or more random characters.")
    elif why := key_weakness(SECRET_KEY):
        found.append(f"SECRET_KEY {why}.")
    found += key_problems("ADDRESS_KEY", [ADDRESS_KEY]) + key_problems("LINK_KEYS", LINK_KEYS or [""])
    if not ALLOWED_HOSTS:
        found.append("ALLOWED_HOSTS is not set. It needs the site's host names, separated by commas.")
    elif "*" in ALLOWED_HOSTS:
        found.append("ALLOWED_HOSTS must name the site's hosts; * would answer for anybody's.")
    if not env.text("BASE_URL"):
        found.append("BASE_URL is not set. It needs the site's address, such as https://www.example.org.")
    elif why := address_problem(urlsplit(BASE_URL)):
        found.append(f"BASE_URL {why}, not {BASE_URL!r}.")
    return found + mail.problems(MAIL_PROVIDER)


def address_problem(address: SplitResult) -> str:
    """Return what BASE_URL should be instead, if it can't be the site's address: every link would lead astray."""
    if address.scheme != "https" or not address.hostname:
        return "should be an https:// address"
    if address.path or address.query or address.fragment or "@" in address.netloc:
        return "should be https:// and the name of the host, with nothing behind it"
    if ALLOWED_HOSTS and not validate_host(address.hostname, ALLOWED_HOSTS):
        return "should be at one of the names in ALLOWED_HOSTS"
    return ""


def key_problems(name: str, keys: list[str]) -> list[str]:
    """Return what is wrong with the keys of the mailing list."""
    if not all(keys):
        return [f"{name} is not set. It needs 50 or more random characters, other than SECRET_KEY’s."]
    if why := next(filter(None, map(key_weakness, keys)), ""):
        return [f"{name} {why}."]
    return [f"{name} must be another key than SECRET_KEY, which may change."] if SECRET_KEY in keys else []


if _problems := problems():
    raise ImproperlyConfigured("The site cannot start.\n  " + "\n  ".join(_problems))

# Browsers refuse a __Host- cookie that is not secure, or that another host under the same domain set.
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_SAMESITE = "Lax"

SECURE_SSL_REDIRECT = True
# Load balancers ask the process itself.
SECURE_REDIRECT_EXEMPT = [r"^_health/"]
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD")
# Preloading can hardly be undone, so it is the owner's decision and not a default.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# The header in which the proxy says how the visitor came, e.g. X-Forwarded-Proto. Only set it when the
# proxy always overwrites it: otherwise a visitor could claim to be secure.
if _header := env.text("PROXY_SSL_HEADER"):
    SECURE_PROXY_SSL_HEADER = (f"HTTP_{_header.upper().replace('-', '_')}", "https")

# The header in which the proxy says where the visitor came from, e.g. X-Client-Address. Like the one above, only set it
# when the proxy always overwrites it: otherwise a visitor could claim any address, and slip through every limit.
if _header := env.text("PROXY_ADDRESS_HEADER"):
    CLIENT_ADDRESS_HEADER = f"HTTP_{_header.upper().replace('-', '_')}"

ENVIRONMENT_NAME = env.text("ENVIRONMENT_NAME", "Live site")

EMAIL_BACKEND = mail.backend(MAIL_PROVIDER)
ANYMAIL = mail.anymail(MAIL_PROVIDER)
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL")
DEFAULT_FROM_EMAIL = mail.with_name(
    env.text("DEFAULT_FROM_EMAIL", f"webmaster@{urlsplit(BASE_URL).hostname}"), SITE_NAME
)
