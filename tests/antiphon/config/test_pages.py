"""The admin, the document of the API, and the policies that they are sent with."""

import subprocess
import sys

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from antiphon.accounts.models import User
from antiphon.workers.models import Node
from tests.antiphon.hosts import make_host

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture
def operator(db: None) -> Client:
    """A browser in which an operator is signed in."""
    client = Client()
    client.force_login(make_host(is_operator=True))
    return client


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_list_of_the_admin_opens_and_searches(operator: Client, model: type) -> None:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")  # type: ignore[attr-defined]
    assert operator.get(address).status_code == 200
    if admin.site._registry[model].search_fields:
        assert operator.get(address, {"q": "1"}).status_code == 200


def test_the_admin_is_for_operators_only(db: None) -> None:
    client = Client()
    client.force_login(make_host())
    assert client.get(reverse("admin:index")).status_code == 302


def test_an_operator_adds_a_host(operator: Client) -> None:
    form = {
        "email": "new@example.org",
        "usable_password": "true",
        "password1": "a long enough phrase",
        "password2": "a long enough phrase",
    }
    response = operator.post(reverse("admin:accounts_user_add"), form)
    assert response.status_code == 302
    added = User.objects.get(email="new@example.org")
    assert added.check_password("a long enough phrase")
    assert operator.get(reverse("admin:accounts_user_change", args=[added.pk])).status_code == 200


def test_a_new_nodes_token_is_shown_once(operator: Client) -> None:
    response = operator.post(reverse("admin:workers_node_add"), {"name": "attic"}, follow=True)
    assert "antiphon_node_" in response.content.decode()
    node = Node.objects.get(name="attic")
    page = operator.get(reverse("admin:workers_node_change", args=[node.pk])).content.decode()
    assert "antiphon_node_" not in page
    assert node.token_sha256 not in page


def test_only_the_admin_may_build_functions_from_text(operator: Client) -> None:
    assert "'unsafe-eval'" in operator.get(reverse("admin:index"))["Content-Security-Policy"]
    assert "'unsafe-eval'" not in operator.get(reverse("api_docs"))["Content-Security-Policy"]


def test_the_docs_page_runs_no_script_of_its_own_text(client: Client) -> None:
    page = client.get(reverse("api_docs")).content.decode()
    assert "swagger-ui" in page
    assert page.count("<script") == page.count("<script src=")


def test_the_document_of_the_api_is_valid_and_complete() -> None:
    document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    validate_schema(document)  # type: ignore[no-untyped-call]
    operations = [one for item in document["paths"].values() for one in item.values()]
    assert len({one["operationId"] for one in operations}) == len(operations) >= 40
    assert all(set(one["responses"]) & {"200", "201", "202", "204"} for one in operations)


def test_writing_the_document_gives_no_warning(tmp_path) -> None:  # type: ignore[no-untyped-def]
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_models_and_migrations_agree(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_a_web_process_never_loads_tensorflow() -> None:
    code = (
        "import sys, antiphon.config.asgi; from django.urls import resolve; resolve('/api/v1/me/'); "
        "print(sorted({'tensorflow', 'keras', 'music21'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
