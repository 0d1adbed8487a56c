"""`manage.py export_protocol`: the JSON Schema that the pages' TypeScript is generated from, and docs/protocol.md."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from antiphon.listening.protocol.page import protocol_page
from antiphon.web.protocol_schema import encoded_schema

PAGE = settings.ROOT / "docs" / "protocol.md"
TARGET = settings.ROOT / "frontend" / "src" / "protocol" / "protocol.schema.json"


class Command(BaseCommand):
    help = "Write the JSON Schema of the websocket messages; `npm run protocol` makes TypeScript of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=TARGET, help="the file to write the schema to")
        parser.add_argument("--page", type=Path, default=PAGE, help="the file to write the page for people to")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["to"]
        target.write_text(encoded_schema(), encoding="utf-8")
        page: Path = options["page"]
        page.write_text(protocol_page(), encoding="utf-8")
        self.stdout.write(f"{target} is written; now run `npm run protocol` in frontend/.")
