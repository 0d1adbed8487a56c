"""Hosts, signed in or not, for tests of the API."""

from itertools import count

from rest_framework.test import APIClient

from antiphon.accounts.models import User

_numbers = count(1)


def make_host(*, is_operator: bool = False) -> User:
    """A host with an account, without a password (to hash one takes long); an operator may use the admin."""
    email = f"musician{next(_numbers)}@example.org"
    return User.objects.create_superuser(email) if is_operator else User.objects.create_user(email)


def signed_in(host: User) -> APIClient:
    """A browser in which this host is signed in."""
    client = APIClient()
    client.force_login(host)
    return client
