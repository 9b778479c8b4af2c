"""What all environments share."""

from pathlib import Path

from . import environment as env
from .identity import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parents[2]
# Everything the running site writes: database, uploads, collected static files, secrets of a local run.
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var")))

BASE_URL = env.text("BASE_URL", "http://localhost:8000").rstrip("/")

# Said here once, so that debug pages take a decision and not an omission.
DEBUG = False

INSTALLED_APPS = [
    "nelis.home",
    "engagement.feedback",
    "engagement.bulletins",
    "engagement.mailing_list",
    "engagement.complaints",
    "engagement.mail",
    "sectors",
    "nelis.progress",
    "nelis.evidence",
    "nelis.core",
    "anymail",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.typed_table_block",
    "wagtail.sites",
    "nelis.core.admin.apps.UsersConfig",  # wagtail.users, with our forms
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # First, so that it sees every answer: redirects of the ones below, static files and errors included.
    "nelis.core.middleware.security_headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    # Outside compression, so that a kept page is ready to send.
    "nelis.core.middleware.page_cache.PageCacheMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    # Only sees what views raise.
    "nelis.core.wsgi.IncompleteRequestMiddleware",
]

ROOT_URLCONF = "nelis.urls"
WSGI_APPLICATION = "nelis.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            # Every page names the site, error pages without a request too.
            "builtins": ["nelis.core.templatetags.navigation_tags"],
        },
    },
]

DATABASES = {"default": env.database(DATA_DIR / "nelis.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "core.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "nelis.core.staticfiles.SiteStaticFilesStorage"},
}

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"},
    # Each process keeps its own copies: they are valid everywhere, since the key holds the number
    # of the content they were made from.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
PAGE_CACHE_SECONDS = env.integer("PAGE_CACHE_SECONDS", 3600)
# Nor where the query begins with the key of somebody's answers: not even a look is worth while.
PAGE_CACHE_EXCLUDED_QUERIES = ("k=",)
PAGE_CACHE_EXCLUDED_PATHS = ("/admin/", "/post/", "/documents/", "/static/", "/media/", "/_")

MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"

WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILIMAGES_IMAGE_MODEL = "core.SiteImage"
WAGTAILDOCS_DOCUMENT_MODEL = "core.SiteDocument"

# Uploads: no vector images and no archives, which can carry scripts; sizes that fit a report.
WAGTAILIMAGES_EXTENSIONS = ["avif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_AVIF_QUALITY = 60
WAGTAILIMAGES_WEBP_QUALITY = 76
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx"]
# Through a view, which checks who may see the document and sends it for download, never as a page.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# A web server does this in production; see deploy/.
SERVE_RENDITIONS = False

# “simple” for PostgreSQL: words are brought into one form before they reach either database, so that
# both find the same.
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "simple"},
}
# The approval of the last step is the permission to publish, and holds for what every step has seen.
WAGTAIL_FINISH_WORKFLOW_ACTION = "nelis.core.workflow.publish_approved"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
# A draft is saved when somebody says so: opening a page and touching a key leaves no trace on its record.
WAGTAIL_AUTOSAVE_INTERVAL = 0
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None

# Mail. Who it comes from, and what may be sent how fast: the provider says what it takes.
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "bulletins@example.org")
MAIL_PER_SECOND = env.integer("MAIL_PER_SECOND", 20)
# Whose reports of what became of mails are taken, at /post/events/<provider>/tracking/. None, but in production.
MAIL_PROVIDER = ""
# For each step of talking to a mail server. A runner holds a mail for longer than a few of them.
EMAIL_TIMEOUT = env.integer("EMAIL_TIMEOUT", 15)

# A bulletin pauses by itself above these shares of bounced and of reported mails, once so many were tried.
BULLETIN_PAUSE_MINIMUM = env.integer("BULLETIN_PAUSE_MINIMUM", 100)
BULLETIN_PAUSE_BOUNCED = 0.05
BULLETIN_PAUSE_COMPLAINED = 0.003
# And at so many of which nobody knows whether they were sent.
BULLETIN_PAUSE_UNKNOWN = 20

# The request's entry that holds the visitor's network address; the limits of the sign-up form need it. Nothing unless
# a proxy always overwrites that header.
CLIENT_ADDRESS_HEADER = ""
# Nobody reads and fills in the sign-up form faster than this.
SIGN_UP_SECONDS = 3
# Who is told by mail of a new complaint about personal data; nobody, unless set. The admin shows them anyway.
COMPLAINTS_ADDRESS = env.text("COMPLAINTS_ADDRESS")

# No address, no query string and no mail address is written: the formatter takes them out of every line.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "nelis.core.logs.RedactingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO").upper()},
    "loggers": {
        # Django's own handlers would mail the request with everything in it, or print what the formatter removes.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # One line for the start and one for the end of every page put into Wagtail's own index.
        "django_tasks": {"level": "WARNING"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
