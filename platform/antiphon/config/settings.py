"""Django settings. Everything that differs between machines comes from the environment (`environment.py`)."""

from pathlib import Path

from antiphon.config import environment
from generation.score.soundfont import FOLDER as SOUNDFONTS

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = Path(__file__).resolve().parents[1]

DEBUG = environment.flag("ANTIPHON_DEBUG")
SECRET_KEY = environment.required("ANTIPHON_SECRET_KEY")
BASE_URL = environment.text("ANTIPHON_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
WEB_URL = environment.text("ANTIPHON_WEB_URL", BASE_URL)  # where this platform's own processes reach a web process
IS_HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = environment.words("ANTIPHON_ALLOWED_HOSTS") or ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL, *environment.words("ANTIPHON_TRUSTED_ORIGINS")]

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "antiphon.core",
    "antiphon.accounts",
    "antiphon.datasets",
    "antiphon.training",
    "antiphon.populations",
    "antiphon.listening",
    "antiphon.gallery",
    "antiphon.workers",
    "antiphon.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "antiphon.config.static_files.StaticFiles",
    "csp.middleware.CSPMiddleware",
    "antiphon.config.admin_policy.AdminPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "antiphon.config.urls"
ASGI_APPLICATION = "antiphon.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],  # before allauth's own pages, which ours replace
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- what lasts and what is live --------------------------------------------------------------------------------------
DATABASES = {"default": environment.database(environment.required("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = environment.required("REDIS_URL")
CHANNEL_LAYERS = {
    "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# --- files ------------------------------------------------------------------------------------------------------------
MEDIA_ROOT = environment.folder("ANTIPHON_MEDIA_ROOT", ROOT / "var" / "media")
STATIC_URL = "/static/"
STATIC_ROOT = environment.text("ANTIPHON_STATIC_ROOT", "") or None  # where `collectstatic` is wanted; finders serve too
STATICFILES_DIRS = [
    PACKAGE / "web" / "static",
    ("soundfonts", SOUNDFONTS),
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/antiphon/assets/"  # names that change with their content
WHITENOISE_MIMETYPES = {".sf3": "application/octet-stream", ".wasm": "application/wasm"}
VITE_MANIFEST = PACKAGE / "web" / "static" / "antiphon" / ".vite" / "manifest.json"

# --- people -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/studio/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = environment.text("ANTIPHON_EMAIL_VERIFICATION", "none")
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "antiphon.accounts.adapter.AccountAdapter"
OPEN_SIGNUP = environment.flag("ANTIPHON_OPEN_SIGNUP", default=True)
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = environment.text("ANTIPHON_FROM_EMAIL", "antiphon@localhost")
LISTENER_COOKIE = "antiphon_listener"
DEMO_PASSWORD = environment.text("ANTIPHON_DEMO_PASSWORD", "")  # of the host that `manage.py demo` makes

# --- safety -----------------------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LISTENER_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("ANTIPHON_BEHIND_PROXY") else None
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        # spessasynth compiles its Vorbis decoder from WebAssembly, which a policy without this word forbids.
        "script-src": ["'self'", "'wasm-unsafe-eval'"],
        "worker-src": ["'self'", "blob:"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'", BASE_URL.replace("http", "ws", 1)],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

# --- limits of what comes in ------------------------------------------------------------------------------------------
UPLOAD_MAX_BYTES = 64 * 1024 * 1024  # one request
UPLOAD_MAX_FILES = 2_000  # in one request or one zip
UPLOAD_MAX_UNPACKED_BYTES = 256 * 1024 * 1024
MIDI_MAX_BYTES = 4 * 1024 * 1024
MIDI_MAX_NOTES = 100_000
CHECKPOINT_MAX_BYTES = 512 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_MAX_FILES

# --- API --------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["antiphon.core.api.HostAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["antiphon.core.api.LimitedJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": None,
    "EXCEPTION_HANDLER": "antiphon.core.api.handle_error",
    "URL_FORMAT_OVERRIDE": None,  # `format` in a query is the file that is wanted, not the answer's encoding
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Antiphon",
    "DESCRIPTION": "Datasets, training runs, populations and rooms for hosts; jobs for nodes that train and sample.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "FileState": "antiphon.datasets.models.MidiFile.State",
        "RunState": "antiphon.training.models.TrainingRun.State",
        "ReportState": "antiphon.training.models.Report.State",
        "PopulationState": "antiphon.populations.models.Population.State",
        "RoomState": "antiphon.listening.models.Room.State",
        "RehearsalState": "antiphon.listening.models.Rehearsal.State",
        "JobState": "antiphon.workers.models.Job.State",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

UNFOLD = {"SITE_TITLE": "Antiphon", "SITE_HEADER": "Antiphon", "SITE_URL": "/studio/"}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # A 4xx is an answer, told in full to who asked; servers have access logs for them.
    "loggers": {"httpx": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
