"""The OpenAPI description is true: whatever is asked, the answer is one that it names, and never a failure of ours."""

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
import werkzeug.test
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from schemathesis.generation import GenerationMode

from nelis.evidence.models import Source
from nelis.open_data.api import api
from nelis.wsgi import application
from tests.open_data.addresses import api_addresses
from tests.open_data.sample_series import make_series
from tests.sectors.sample_strategy import SampleStrategy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Asked in process, the site keeps the connection of the test, and what it wrote."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def description() -> Any:
    described = schemathesis.openapi.from_dict(api.get_openapi_schema())
    # Before any operation is looked up: each keeps the application that it was made with.
    described.app = application
    return described


@pytest.mark.parametrize(
    ("mode", "examples"),
    [
        (GenerationMode.POSITIVE, 2),
        (GenerationMode.NEGATIVE, 2),
        pytest.param(GenerationMode.POSITIVE, 60, marks=[pytest.mark.slow, pytest.mark.pg]),
        pytest.param(GenerationMode.NEGATIVE, 60, marks=[pytest.mark.slow, pytest.mark.pg]),
    ],
)
def test_whatever_is_asked_the_answer_fits(mode: GenerationMode, examples: int, strategy: SampleStrategy, description):
    for result in description.get_all_operations():
        cases = result.ok().as_strategy(generation_mode=mode)

        @hypothesis.settings(max_examples=examples, derandomize=True, deadline=None, database=None)
        @hypothesis.given(case=cases)
        def answer_fits(case: Any) -> None:
            case.call_and_validate(headers={"Accept-Encoding": "identity"})

        answer_fits()


def test_every_real_answer_fits(strategy: SampleStrategy, description):
    make_series(Source.objects.get(ref="x0"))
    client, checked = werkzeug.test.Client(application), set()
    for template, address in api_addresses():
        response = client.get(address)
        assert response.status_code == 200, address
        description[template]["GET"].validate_response(response)
        checked.add(template)
    lacking = {path for path in api.get_openapi_schema()["paths"] if path not in checked}
    assert lacking == {"/api/v1/news/{ref}", "/api/v1/events/{ref}", "/api/v1/rounds/{ref}"}
