"""Rebuild the search index."""

from typing import Any

from django.core.management.base import BaseCommand

from nelis.core.search.index_sync import rebuild_index


class Command(BaseCommand):
    help = "Make the search index anew from everything public, and report what is in it."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = rebuild_index()
        for kind, count in sorted(counts.items()):
            self.stdout.write(f"{count:6} {kind}")
        self.stdout.write(f"{counts.total():6} in all")
