"""The site behind a real nginx, with the files of deploy/, on ports of the loopback."""

import getpass
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

import pytest

from tools import test_databases

ROOT = Path(__file__).resolve().parents[2]
HOST = "www.example.org"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
#: How long a server may take to start or to stop.
PATIENCE = 60


@dataclass
class Front:
    """The site through nginx."""

    http: int
    https: int
    folder: Path
    site: subprocess.Popen[bytes]
    environment: dict[str, str]

    def connect(self, *, secure: bool = True) -> HTTPConnection:
        if not secure:
            return HTTPConnection("127.0.0.1", self.http, timeout=PATIENCE)
        context = ssl.create_default_context(cafile=str(self.folder / "certificate.pem"))
        connection = HTTPSConnection("127.0.0.1", self.https, timeout=PATIENCE, context=context)
        connection.sock = context.wrap_socket(
            socket.create_connection(("127.0.0.1", self.https), PATIENCE), server_hostname=HOST
        )
        return connection

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, *, secure: bool = True, **headers: str):
        """The answer, with its body in ``content``."""
        connection = self.connect(secure=secure)
        try:
            sent = {"Host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, sent)
            response: HTTPResponse = connection.getresponse()
            response.content = response.read()
            return response
        finally:
            connection.close()

    def logs(self) -> str:
        return "".join(file.read_text(errors="replace") for file in self.folder.glob("*.log"))

    def stop_site(self) -> None:
        stop(self.site)

    def start_site(self) -> None:
        self.site = start_site(self.environment, self.folder)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> None:
    """A certificate for the site's name that signs itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def nginx_configuration(folder: Path, http: int, https: int, site: int) -> Path:
    """deploy/nginx.conf with ports and folders of this test, inside the smallest nginx.conf there is."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    changes = {
        r"listen 80\b": f"listen 127.0.0.1:{http}",
        r"listen 443\b": f"listen 127.0.0.1:{https}",
        r"\n *listen \[::\].*": "",
        r"127\.0\.0\.1:8000": f"127.0.0.1:{site}",
        r"/etc/letsencrypt/live/www\.example\.org/fullchain\.pem": f"{folder}/certificate.pem",
        r"/etc/letsencrypt/live/www\.example\.org/privkey\.pem": f"{folder}/key.pem",
        r"/var/cache/nginx/nelis": f"{folder}/cache",
        r"/var/log/nginx/": f"{folder}/",
        r"/srv/nelis/data": f"{folder}/data",
    }
    for old, new in changes.items():
        text, found = re.subn(old, new, text)
        assert found, old
    (folder / "site.conf").write_text(text)
    temporary = "".join(f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi"))
    temporary += "".join(f"{name}_temp_path {folder}/{name};" for name in ("uwsgi", "scgi"))
    main = folder / "nginx.conf"
    # A folder of the tests can be read by whoever runs them, and by nobody else.
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    main.write_text(
        f"{user} daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/nginx-main.log warn;\n"
        f"events {{ worker_connections 512; }}\nhttp {{ {temporary}\ninclude {folder}/site.conf; }}\n"
    )
    return main


def start_site(environment: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "nelis.wsgi"]
    with (folder / "site.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    wait_for_port(int(environment["BIND"].rpartition(":")[2]), process)
    return process


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, "It ended."
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"Nothing listens on {port}.")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(PATIENCE)


@contextmanager
def running(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        yield process
    finally:
        if process.poll() is None:
            stop(process)


@pytest.fixture(scope="session")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    if NGINX is None:
        pytest.skip("nginx is not installed: apt-get install nginx")
    folder = tmp_path_factory.mktemp("front")
    folder.chmod(0o755)
    images = folder / "data" / "media" / "images"
    images.mkdir(parents=True)
    (images / "kite.png").write_bytes(b"a kite")
    certificate(folder)
    http, https, site = free_port(), free_port(), free_port()
    test_databases.copy_sqlite(folder / "data" / "db.sqlite3", content=True)
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "nelis.settings.production",
        "ALLOWED_HOSTS": HOST,
        "BASE_URL": f"https://{HOST}",
        "DATABASE_URL": f"sqlite:///{folder}/data/db.sqlite3",
        "DATA_DIR": str(folder / "data"),
        "PROXY_SSL_HEADER": "X-Forwarded-Proto",
        "PROXY_ADDRESS_HEADER": "X-Client-Address",
        "BIND": f"127.0.0.1:{site}",
        "WEB_CONCURRENCY": "2",
        **{name: sha256(name.encode()).hexdigest() for name in ("SECRET_KEY", "ADDRESS_KEY", "LINK_KEYS")},
    }
    for command in (["collectstatic", "--noinput"], ["write_front_pages"]):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, capture_output=True
        )
    configuration = nginx_configuration(folder, http, https, site)
    with ExitStack() as stack:
        front = Front(http, https, folder, start_site(environment, folder), environment)
        stack.callback(lambda: front.site.poll() is None and stop(front.site))
        nginx = subprocess.Popen([NGINX, "-c", str(configuration), "-e", str(folder / "nginx-main.log")])
        stack.enter_context(running(nginx))
        wait_for_port(https, nginx)
        yield front
