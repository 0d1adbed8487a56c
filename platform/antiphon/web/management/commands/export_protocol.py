"""`manage.py export_protocol`: write the JSON Schema that the pages' TypeScript is generated from."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from antiphon.web.protocol_schema import encoded_schema

TARGET = settings.ROOT / "frontend" / "src" / "protocol" / "protocol.schema.json"


class Command(BaseCommand):
    help = "Write the JSON Schema of the websocket messages; `npm run protocol` makes TypeScript of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=TARGET, help="the file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["to"]
        target.write_text(encoded_schema(), encoding="utf-8")
        self.stdout.write(f"{target} is written; now run `npm run protocol` in frontend/.")
