"""`manage.py ensure_node NAME TOKEN`: a node with a token that was chosen elsewhere."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from antiphon.core.errors import DomainError
from antiphon.workers.nodes import ensure_node


class Command(BaseCommand):
    help = "Make a node, or give the one of this name this token."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("token")

    def handle(self, *args: Any, name: str, token: str, **options: Any) -> None:
        try:
            node = ensure_node(name=name, token=token)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"node {node.name} is ready")
