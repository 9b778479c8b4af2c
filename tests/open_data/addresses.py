"""Every address of the API, and of the files beside it, in a made-up strategy."""

import re
from collections.abc import Iterator

from django.test import Client

from nelis.open_data.api import RESOURCES, api

#: The files of the whole strategy, and the pages about the data.
FILES = (
    "/data/",
    "/data/catalogue.jsonld",
    "/data/strategy.json",
    "/data/strategy.schema.json",
    "/data/strategy-stratml-part-1.xml",
    "/data/strategy-stratml-part-2.xml",
    "/data/figures.csv",
    "/data/figures.csv-metadata.json",
    "/data/statements.csv",
    "/data/statements.csv-metadata.json",
    "/api/",
)


def api_addresses() -> Iterator[tuple[str, str]]:
    """Every endpoint of the description, and an address of it; of one that takes a reference, one for each record."""
    lookups = {resource.name: [str(ref) for ref in references(resource)] for resource in RESOURCES}
    for path in api.get_openapi_schema()["paths"]:
        names = re.findall(r"{(\w+)}", path)
        resource = path.split("/")[3]
        if not names:
            yield path, f"{path}?limit=100"
        for ref in lookups[resource] if names else ():
            if "{number}" not in path or ref == "P0":
                yield path, path.replace("{ref}", ref).replace("{number}", "1")


def all_addresses() -> list[str]:
    return [*FILES, *(address for _, address in api_addresses())]


def references(resource) -> list[str]:
    return list(resource.public().values_list(resource.lookup, flat=True))


def read_all(client: Client) -> dict[str, str]:
    """What each address answers with."""
    answers = {address: client.get(address) for address in all_addresses()}
    assert {response.status_code for response in answers.values()} <= {200, 404}
    return {address: response.getvalue().decode() for address, response in answers.items()}
