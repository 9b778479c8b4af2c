"""Staff who look after complaints."""

import pytest

from tests.admin.conftest import person, signed_in  # noqa: F401 - fixtures


@pytest.fixture
def officer(signed_in):  # noqa: F811
    """Somebody who may see complaints."""
    return signed_in("Engagement officer")
