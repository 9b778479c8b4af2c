"""The settings that all environments share."""

from pathlib import Path

from . import environment as env
from . import identity, mail
from .identity import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parents[2]
# Everything the running site writes: database, uploads, collected static files, secrets of a local run.
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var")))

BASE_URL = env.text("BASE_URL", "http://localhost:8000").rstrip("/")

# Off here, so that debug pages take a decision.
DEBUG = False

INSTALLED_APPS = [
    "nelis.staff",
    "nelis.open_data",
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
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
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
    # First, so that it sees every response: redirects, static files and errors included.
    "nelis.core.middleware.security_headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nelis.core.middleware.page_cache.FrontCacheMiddleware",
    "nelis.open_data.middleware.OpenDataMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    # Outside compression, so that a cached page is ready to send.
    "nelis.core.middleware.page_cache.PageCacheMiddleware",
    "nelis.core.middleware.compression.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "nelis.staff.middleware.StaffSessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "nelis.core.middleware.former_addresses.FormerAddressMiddleware",
    "nelis.core.middleware.refused_deletion.RefusedDeletionMiddleware",
    # Last: it handles exceptions of views.
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

# Stands in the admin, so that nobody takes a trial for the site that readers see.
ENVIRONMENT_NAME = env.text("ENVIRONMENT_NAME")

# Sign-in of staff: docs/features/signing-in.md. A password alone opens no page of the admin.
SECOND_FACTOR_REQUIRED = True
# A session ends this long after the last request, and this long after signing in whatever happens in it.
SESSION_IDLE_SECONDS = env.integer("SESSION_IDLE_SECONDS", 2 * 60 * 60)
SESSION_COOKIE_AGE = env.integer("SESSION_SECONDS", 12 * 60 * 60)
# How long a link of an invitation, or to choose a new password, works.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60
CSRF_FAILURE_VIEW = "nelis.staff.kept_forms.csrf_failure"
# Nobody types a password for somebody else: a new account gets an invitation by email.
WAGTAILUSERS_PASSWORD_ENABLED = False
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
ACCOUNT_ADAPTER = "nelis.staff.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"login": "nelis.staff.forms.SignInForm"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
# Theirs count in the memory of one process. Ours are in the database: nelis/staff/throttling.py.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_ADAPTER = "nelis.staff.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "nelis.staff.forms.SecondFactorForm",
    "reauthenticate": "nelis.staff.forms.SecondFactorAgainForm",
    "authenticate_webauthn": "nelis.staff.forms.PasskeyForm",
    "add_webauthn": "nelis.staff.forms.AddPasskeyForm",
}
# Clocks differ by some seconds.
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = identity.SITE_NAME
# A passkey asks for a fingerprint, a face or a PIN: it is two factors by itself.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_PASSKEY_LOGIN_ENABLED = True

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
    # Each process has its own copies. They need no purging: the key holds the content version.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
PAGE_CACHE_SECONDS = env.integer("PAGE_CACHE_SECONDS", 3600)
# Pages with the key of a response are private.
PAGE_CACHE_EXCLUDED_QUERIES = ("k=",)
PAGE_CACHE_EXCLUDED_PATHS = ("/admin/", "/post/", "/documents/", "/static/", "/media/", "/_", "/api/v1/")

MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"

WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILIMAGES_IMAGE_MODEL = "core.SiteImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "nelis.core.admin.image_forms.SiteImageForm"
WAGTAILDOCS_DOCUMENT_MODEL = "core.SiteDocument"

# Uploads: no vector images and no archives, which can hold scripts.
WAGTAILIMAGES_EXTENSIONS = ["avif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_AVIF_QUALITY = 60
WAGTAILIMAGES_WEBP_QUALITY = 76
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx"]
# Through a view, which checks the permission and sends the document as a download.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
# A web server does this in production; see deploy/.
SERVE_RENDITIONS = False

# “simple” for PostgreSQL: nelis.core.text normalises words for both databases, so that both find the same.
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "nelis.core.search.backend", "SEARCH_CONFIG": "simple"},
}
# The approval of the last step is the permission to publish.
WAGTAIL_FINISH_WORKFLOW_ACTION = "nelis.core.workflow.publish_approved"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
# Not where something is created: each save of a half-typed page would give it another reference.
WAGTAIL_AUTOSAVE_INTERVAL = 0
# Drafts that exist are saved so many milliseconds after the last key, unless they are in review: decision 107.
DRAFT_AUTOSAVE_INTERVAL = 5000
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None

# Email: the sender, whom replies go to, who stands at its foot, and the rate that the provider accepts.
DEFAULT_FROM_EMAIL = mail.with_name(env.text("DEFAULT_FROM_EMAIL", "bulletins@example.org"), identity.SITE_NAME)
REPLY_TO_ADDRESS = env.text("REPLY_TO_ADDRESS")
ORGANISATION_NAME = env.text("ORGANISATION_NAME", identity.ORGANISATION_NAME)
ORGANISATION_CONTACT = env.text("ORGANISATION_CONTACT", identity.ORGANISATION_CONTACT)
MAIL_PER_SECOND = env.integer("MAIL_PER_SECOND", 20)
# Where bounces come back by email, each to an address of its own, bounces+TOKEN@example.org. Empty: to the sender.
BOUNCE_ADDRESS = env.text("BOUNCE_ADDRESS")
# The mailbox they are read from, imaps://user:password@host/INBOX. Empty where the mail server pipes them to a command.
BOUNCE_MAILBOX = env.text("BOUNCE_MAILBOX")
# Whose webhooks are accepted at /post/events/<provider>/tracking/; only in production.
MAIL_PROVIDER = ""
# For each step of an SMTP session but the last: content_timeout of engagement/mail/config.py is for that.
EMAIL_TIMEOUT = env.integer("EMAIL_TIMEOUT", 15)

# A bulletin pauses by itself above these rates of bounces and complaints, once this many emails were tried,
BULLETIN_PAUSE_MINIMUM = env.integer("BULLETIN_PAUSE_MINIMUM", 100)
BULLETIN_PAUSE_BOUNCED = 0.05
BULLETIN_PAUSE_COMPLAINED = 0.003
# or at this many emails of which nobody knows whether they were sent, or that wait because the server refuses us.
BULLETIN_PAUSE_UNKNOWN = BULLETIN_PAUSE_REFUSED = 20

# The key of request.META with the visitor's IP address, for rate limits. Empty unless a proxy always sets that header.
CLIENT_ADDRESS_HEADER = ""
# A sign-up form sent back faster than this is a robot's.
SIGN_UP_SECONDS = 3
# Who is told by email of a new complaint about personal data. The admin lists complaints anyway.
COMPLAINTS_ADDRESS = env.text("COMPLAINTS_ADDRESS")

# The formatter redacts email addresses, IP addresses and query strings.
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
        # Django's own handlers would email whole requests, or print what the formatter redacts.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Otherwise two lines for every page that Wagtail indexes.
        "django_tasks": {"level": "WARNING"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
