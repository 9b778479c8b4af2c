"""Every address of the admin, read from the URL configuration, in every role: no error, and nothing a role may not.

``who_may.py`` says who is let in and who may change something. An address that isn't there fails.
"""

from copy import deepcopy
from fnmatch import fnmatchcase
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection, transaction
from django.template.base import Template
from django.test import Client
from django.urls import reverse

from nelis.core.models import User
from nelis.core.privileges import account_privileges
from nelis.staff.middleware import ASKED_AT, OPEN, SET_UP_AT
from tests.admin.addresses import Address, Objects, addresses
from tests.admin.forms_in_pages import FORGED, page_forms
from tests.admin.object_factory import ObjectFactory
from tests.admin.who_may import ROLES, may_change, may_open, rule_of

# Forms and rights: what the database does with them is tried elsewhere.
pytestmark = [pytest.mark.once, pytest.mark.filterwarnings("ignore::ResourceWarning")]

ADDRESSES = addresses()
NOBODY, SUPERUSER = "nobody", "superuser"
#: Tables that say who is there and what they looked at.
BOOKKEEPING = ("django_session", "wagtailusers_userprofile", "wagtailadmin_editingsession", "pagesubscription")
#: Tables that say who may what.
RIGHTS = ("core_user", "auth_group", "wagtailcore_group")
#: All kinds of snippets have the same views: the quick walk visits those of two.
QUICK_KINDS = ("_evidence_statistic:", "_feedback_feedbackround:")


def is_quick(address: Address) -> bool:
    return not address.name.startswith("wagtailsnippet") or any(kind in address.name for kind in QUICK_KINDS)


def parts(chosen, number=2):
    """The addresses in parts, which run in parallel."""
    chosen = list(chosen)
    return [chosen[start::number] for start in range(number)]


QUICK = parts(address for address in ADDRESSES if is_quick(address))
SLOW = parts(address for address in ADDRESSES if not is_quick(address))
IN_PARTS = [*QUICK, *(pytest.param(part, marks=pytest.mark.slow) for part in SLOW)]


@pytest.fixture
def site(sample_site, person):
    """Objects for every address, and somebody signed in in each role."""
    objects = Objects(ObjectFactory(sample_site))
    people = {role: person(role, name=role) for role in ROLES}
    people |= {NOBODY: person(name=NOBODY), SUPERUSER: person(name=SUPERUSER, superuser=True)}
    clients = {"anonymous": Client(raise_request_exception=False)}
    for name, somebody in people.items():
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(somebody)
    cookies = {name: deepcopy(client.cookies) for name, client in clients.items()}

    def ask(role, url, data=None):
        """The answer, and the changes that were made for it, which are undone."""
        client = clients[role]
        client.cookies = deepcopy(cookies[role])
        written = []

        def note(execute, sql, *args):
            if is_change(sql):
                written.append(sql)
            return execute(sql, *args)

        with transaction.atomic(), connection.execute_wrapper(note):
            response = client.get(url) if data is None else client.post(url, deepcopy(data))
            check = any(table in sql for sql in written for table in RIGHTS) and is_raised(role)
            transaction.set_rollback(True)
        return SimpleNamespace(response=response, written=written, is_raised=check, status=response.status_code)

    def privileges():
        accounts = {
            user.pk: (user.is_superuser, user.email, user.password, user.is_active) for user in User.objects.all()
        }
        return accounts, {user.pk: account_privileges(user) for user in User.objects.all()}

    accounts, held = privileges()

    def is_raised(role):
        """Whether somebody was raised beyond the actor, or a superuser touched."""
        if role in ("anonymous", SUPERUSER):
            return False
        now, holds = privileges()
        actor = held[people[role].pk]
        return any(
            (is_super and not accounts.get(key, (False,))[0])
            or (accounts.get(key, (False,))[0] and now[key] != accounts[key])
            or bool(holds[key] - held.get(key, set()) - actor)
            for key, (is_super, *_) in now.items()
        ) or any(key not in now for key, account in accounts.items() if account[0])

    return SimpleNamespace(objects=objects, people=people, ask=ask)


def is_change(sql: str) -> bool:
    return sql.startswith(("INSERT", "UPDATE", "DELETE")) and not any(table in sql for table in BOOKKEEPING)


def is_refused(response) -> bool:
    """Whether somebody was sent away: to the front page, or to sign in."""
    if response.status_code == 302:
        return response.url == reverse("wagtailadmin_home") or response.url.startswith(reverse("wagtailadmin_login"))
    return response.status_code in (401, 403)


def is_shown(response) -> bool:
    """Whether somebody got to see something. What isn't there, or takes a form only, is shown to nobody."""
    return not is_refused(response) and response.status_code < 400


def test_every_address_is_classified():
    assert not [address.name for address in ADDRESSES if rule_of(address) is None]


@pytest.mark.parametrize("part", IN_PARTS)
def test_who_is_let_in(site, monkeypatch, part):
    """That is decided before a template is drawn, so none is."""
    monkeypatch.setattr(Template, "render", lambda self, context: "")
    wrong = []
    for address in part:
        url = site.objects.url(address)
        for role in ("anonymous", NOBODY, *ROLES):
            answer = site.ask(role, url)
            is_wrong = is_refused(answer.response) if role in may_open(address) else is_shown(answer.response)
            if answer.status >= 500 or is_wrong:
                wrong.append((address.name, role, answer.status))
    assert not wrong


@pytest.mark.parametrize("part", IN_PARTS)
def test_forms_filled_in(site, part):
    """An administrator sends each form; then everybody does who may not, and nothing comes of it."""
    wrong = []
    for address in part:
        url = site.objects.url(address)
        shown = site.ask(SUPERUSER, url)
        if shown.status >= 500:
            wrong.append((address.name, SUPERUSER, shown.status))
        is_page = shown.status == 200 and "html" in shown.response.headers.get("content-type", "")
        html = shown.response.content.decode() if is_page and not shown.response.streaming else ""
        forms = [form for form in page_forms(html, url) if form.action.split("?")[0] == url.split("?")[0]]
        # The page's own, not one that says who else is looking.
        data = max((form.data for form in forms), key=len, default={})
        for role in ("anonymous", NOBODY, *ROLES):
            if role == "Administrator" and role in may_change(address) and not data:
                continue
            if role in may_change(address) and role != "Administrator":
                continue
            answer = site.ask(role, url, data | FORGED)
            if answer.is_raised or (role in may_change(address) and answer.status >= 500):
                wrong.append((address.name, role, answer.status, "raised" if answer.is_raised else "error"))
            if role not in may_change(address) and answer.written:
                wrong.append((address.name, role, answer.written[0][:100]))
    assert not wrong


@pytest.mark.parametrize(
    ("has_factor", "part"),
    [
        (True, QUICK[0]),
        (False, QUICK[1]),
        *(pytest.param(has, ADDRESSES, marks=pytest.mark.slow) for has in (True, False)),
    ],
)
def test_a_password_alone_opens_no_address(site, has_factor, part):
    """Not even to a superuser: all lead to the second factor, or to setting one up."""
    client = Client(raise_request_exception=False)
    client.force_password_only(site.people[SUPERUSER])
    if has_factor:
        TOTP.activate(site.people[SUPERUSER], generate_totp_secret())
    target = reverse("mfa_reauthenticate" if has_factor else "mfa_index")
    allowed = (*OPEN, *(ASKED_AT if has_factor else SET_UP_AT))
    guarded = [address for address in part if not any(fnmatchcase(address.name, name) for name in allowed)]
    assert len(guarded) > 100
    for address in guarded:
        response = client.post(site.objects.url(address))
        assert response.status_code == 302, address.name
        assert response.url.startswith(target), address.name


@pytest.mark.slow
@pytest.mark.parametrize("role", [*ROLES, SUPERUSER])
@pytest.mark.parametrize("whose", ["own", "other"])
def test_every_form_in_every_role(site, role, whose):
    """With every button of the page, of what is one's own and of what is somebody else's."""
    if whose == "own":
        site.objects.belong_to(site.people[role])
    wrong = []
    for address in ADDRESSES:
        url = site.objects.url(address)
        shown = site.ask(role, url)
        if shown.status >= 500:
            wrong.append((address.name, url, shown.status))
        is_page = shown.status == 200 and "html" in shown.response.headers.get("content-type", "")
        html = shown.response.content.decode() if is_page and not shown.response.streaming else ""
        for form in page_forms(html, url):
            answer = site.ask(role, form.action, form.data | FORGED)
            if answer.status >= 500 or answer.is_raised:
                wrong.append((address.name, form.action, answer.status, "raised" if answer.is_raised else "error"))
    assert not wrong
