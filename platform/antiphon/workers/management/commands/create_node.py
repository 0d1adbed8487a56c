"""`manage.py create_node NAME`: a new node, and its token once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from antiphon.core.errors import DomainError
from antiphon.workers.nodes import create_node


class Command(BaseCommand):
    help = "Make a node and print its token, which is shown only now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        try:
            _, token = create_node(name=name)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(token)
