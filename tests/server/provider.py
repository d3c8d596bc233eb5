"""A real OpenID provider in a process of its own: django-oauth-toolkit, which insists on PKCE, with a sign-in page.

    python -m tests.server.provider FOLDER PERSON...

Prints its issuer once it listens. Each person's password is the name twice. It knows the public
clients `inspector` and `other` and `kept`, which has a secret.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

CLIENT, OTHER, KEPT = "inspector", "other", "kept"
SECRET = "a secret+of the tests"
_PAGE = "<html><form method=post>{% csrf_token %}{{ form }}<input type=submit name=go></form></html>"


@contextlib.contextmanager
def provider(folder: Path, *people: str) -> Iterator[str]:
    """Start it; gives its issuer."""
    command = [sys.executable, "-W", "ignore", "-m", __name__, str(folder), *people]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def _serve(folder: Path, people: list[str]) -> None:
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # loopback
    import django
    from django.conf import settings

    key = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    apps = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"]
    between = ["django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
               "django.contrib.auth.middleware.AuthenticationMiddleware"]  # fmt: skip
    settings.configure(
        SECRET_KEY="only-for-tests", ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, INSTALLED_APPS=apps,
        MIDDLEWARE=between, LOGIN_URL="/login/", USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        MIGRATION_MODULES={app.rpartition(".")[2]: None for app in apps},  # tables as they are today, not by their history
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "provider.db")}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": False, "OPTIONS": {
            "loaders": [("django.template.loaders.locmem.Loader", {"registration/login.html": _PAGE}),
                        "django.template.loaders.app_directories.Loader"],
            "context_processors": ["django.contrib.auth.context_processors.auth"]}}],
        OAUTH2_PROVIDER={"OIDC_ENABLED": True, "OIDC_RSA_PRIVATE_KEY": key, "PKCE_REQUIRED": True,
                         "SCOPES": {"openid": "openid", "profile": "profile"},
                         "OAUTH2_VALIDATOR_CLASS": f"{__name__}.Names"},
    )  # fmt: skip
    django.setup()
    from django.contrib.auth.models import User
    from django.contrib.auth.views import LoginView
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.urls import include, path
    from oauth2_provider.models import Application

    call_command("migrate", run_syncdb=True, verbosity=0)
    for name in people:
        User.objects.create_user(name, password=name * 2)
    for client in (CLIENT, OTHER, KEPT):
        kind = "confidential" if client == KEPT else "public"
        Application.objects.create(name=client, client_id=client, client_secret=SECRET, client_type=kind, algorithm="RS256",
                                   authorization_grant_type="authorization-code", redirect_uris="http://127.0.0.1/")  # fmt: skip
    globals()["urlpatterns"] = [path("login/", LoginView.as_view()), path("o/", include("oauth2_provider.urls"))]
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Quiet) as server:
        print(f"http://127.0.0.1:{server.server_port}/o", flush=True)
        server.serve_forever()


def __getattr__(name: str) -> object:
    """The validator is made once Django is set up: it says in the token what a person is called."""
    if name != "Names":
        raise AttributeError(name)
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class Names(OAuth2Validator):  # type: ignore[misc]
        def get_additional_claims(self, request: object) -> dict[str, str]:
            return {"preferred_username": request.user.username}  # type: ignore[attr-defined]

    return Names


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), sys.argv[2:])
