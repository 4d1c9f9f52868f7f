"""Django settings. What a clinic may change comes from the environment (docs/reference/settings.md)."""

from pathlib import Path

from reprieve import __version__
from reprieve.clinic.config import database, environment
from reprieve.clinic.config.secrets import secret_key

CLINIC_ROOT = Path(__file__).resolve().parent.parent
VERSION = __version__
HOME = environment.home()
DEBUG = environment.flag("REPRIEVE_DEBUG", default=False)
SECRET_KEY = secret_key(HOME)
ALLOWED_HOSTS = environment.text("REPRIEVE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host]
SECURE = environment.flag("REPRIEVE_HTTPS", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "reprieve.clinic.config",
    "reprieve.clinic.accounts",
    "reprieve.clinic.audit",
    "reprieve.clinic.patients",
    "reprieve.clinic.assessments",
    "reprieve.clinic.outcomes",
    "reprieve.clinic.courses",
    "reprieve.clinic.visits",
    "reprieve.clinic.devices",
    "reprieve.clinic.portal",
    "reprieve.clinic.research",
    "reprieve.clinic.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "reprieve.clinic.config.security.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "reprieve.clinic.accounts.middleware.ClinicTimeZoneMiddleware",
    "reprieve.clinic.config.security.NoCopiesMiddleware",
]
CSRF_FAILURE_VIEW = "reprieve.clinic.config.views.form_expired"
ROOT_URLCONF = "reprieve.clinic.config.urls"
ASGI_APPLICATION = "reprieve.clinic.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CLINIC_ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reprieve.clinic.config.navigation.page_frame",
            ],
            "builtins": ["reprieve.clinic.config.templatetags.show"],
        },
    }
]
DATABASES = {
    "default": database.resolve() | {"TEST": {"NAME": f"test_{environment.text('REPRIEVE_TEST_DB', 'reprieve')}"}}
}
CACHES = {  # holds the counters of the rate limits and nothing else
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "rate_counters",
        "KEY_FUNCTION": "reprieve.clinic.config.counters.hidden_key",
        "OPTIONS": {"MAX_ENTRIES": 10_000},  # above it expired counters go first
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "reprieve.clinic.accounts.adapter.ClosedAccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"self_check": "20/m/ip"}  # beside the library's own limits
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE

SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"

STATIC_URL = "static/"
STATICFILES_DIRS = [CLINIC_ROOT / "static"]
STATIC_ROOT = None  # served from where they are; nothing is collected
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
UPLOAD_LIMIT_BYTES = environment.number("REPRIEVE_UPLOAD_LIMIT_MB", default=64) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

CDS_CLIENTS = environment.text("REPRIEVE_CDS_CLIENTS")
REGISTRY_STORE = HOME / "registry"
LOGGING_CONFIG = None
