"""Codes on posters and screens lead into the room however they are typed."""

from types import SimpleNamespace

import pytest
from django.test import Client

pytestmark = pytest.mark.pg

CODES = ["KT7194", "kt-7194", "KT%207194", "kt–7194", "K.T. 7194", "kt7194."]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("address", ["/join/{}/", "/Join/{}/", "/JOIN/{}", "/join/{}%20"])
def test_a_code_in_the_address(client: Client, fair: SimpleNamespace, address: str, code: str):
    response = client.get(address.format(code), follow=True)
    assert response.status_code == 200
    assert response.request["PATH_INFO"] == "/feedback/kite-fair/answer/1/"
    assert "code=KT7194" in response.request["QUERY_STRING"]


@pytest.mark.parametrize("address", ["/feedback/wall/{}/", "/Feedback/Wall/{}", "/FEEDBACK/WALL/{}/"])
@pytest.mark.parametrize("code", CODES)
def test_the_wall(client: Client, fair: SimpleNamespace, address: str, code: str):
    response = client.get(address.format(code), follow=True)
    assert response.status_code == 200
    assert "Kites" in response.content.decode()


@pytest.mark.parametrize("address", ["/join", "/JOIN/", "/join%20"])
def test_where_the_code_is_typed(client: Client, fair: SimpleNamespace, address: str):
    assert 'name="code"' in client.get(address, follow=True).content.decode()


def test_a_code_that_is_none(client: Client, fair: SimpleNamespace):
    response = client.get("/JOIN/XX 0000/", follow=True)
    assert response.status_code == 404
    assert 'name="code"' in response.content.decode()


def test_the_address_of_a_round(client: Client, fair: SimpleNamespace):
    assert client.get("/Feedback/Kite-Fair")["Location"] == "/feedback/kite-fair/"
