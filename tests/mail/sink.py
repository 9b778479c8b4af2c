"""A real SMTP server on the loopback, in a process of its own, that can be told to misbehave.

``python tests/mail/sink.py PORT FOLDER`` writes one line for each mail it takes to FOLDER/received, before it says
so, and does as FOLDER/behave says; see ``harness.SmtpSink``. PORT 0 picks one; FOLDER/port says which.
"""

import asyncio
import contextlib
import json
import os
import re
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
from aiosmtpd.smtp import SMTP, Envelope, Session  # noqa: E402

MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE)


class Conduct:
    """What the server was told to do, and how often it still does it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "behave"
        self.stamp = 0
        self.rules: list[dict] = []

    async def new_orders(self) -> None:
        """Wait for them."""
        while self.file.stat().st_mtime_ns == self.stamp:
            await asyncio.sleep(0.02)

    def for_stage(self, stage: str, recipient: str = "") -> str:
        """What to do at this stage: nothing, a reply, or a word such as ``drop``."""
        with contextlib.suppress(FileNotFoundError):
            stamp = self.file.stat().st_mtime_ns
            if stamp != self.stamp:
                self.stamp, self.rules = stamp, json.loads(self.file.read_text())
        for rule in self.rules:
            if rule["stage"] == stage and rule["times"] != 0 and rule["only"] in recipient:
                rule["times"] -= 1
                return rule["say"]
        return ""


class Server(SMTP):
    """As any server, but for what it was told."""

    conduct: Conduct

    async def obey(self, stage: str, recipient: str = "") -> bool:
        """Do as told. True when the stage is dealt with."""
        say = self.conduct.for_stage(stage, recipient)
        if not say:
            return False
        if say == "drop":
            self.transport.abort()
        elif say == "silence":
            await asyncio.sleep(60)
        elif say.startswith("wait "):
            await asyncio.sleep(float(say[5:]))
            return False
        else:
            await self.push(say)
        return True

    async def smtp_MAIL(self, arg):  # noqa: N802
        if not await self.obey("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg):  # noqa: N802
        if not await self.obey("rcpt", arg or ""):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg):  # noqa: N802
        if not await self.obey("data", ",".join(self.envelope.rcpt_tos)):
            await super().smtp_DATA(arg)


class Keeper:
    """Takes mails."""

    def __init__(self, folder: Path, conduct: Conduct) -> None:
        self.received = os.open(folder / "received", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.contents = folder / "contents"
        self.conduct = conduct

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:  # noqa: N802
        recipients = ",".join(envelope.rcpt_tos)
        say = self.conduct.for_stage("content", recipients)
        if say == "drop":
            server.transport.abort()
            return ""
        if say and say[0] in "1245" and say[:3].isdigit():
            return say
        if say.startswith("wait "):
            await asyncio.sleep(float(say[5:]))
        elif say == "hold":
            await self.conduct.new_orders()
        name = MESSAGE_ID.search(envelope.content)
        os.write(self.received, f"{recipients}\t{name[1].decode() if name else ''}\n".encode())
        if self.contents.is_dir():
            (self.contents / (name[1].decode() if name else recipients)).write_bytes(envelope.content)
        if say == "keep and drop":
            server.transport.abort()
        elif say == "keep and silence":
            await asyncio.sleep(60)
        return "250 2.0.0 Taken"


async def main(port: int, folder: Path) -> None:
    conduct = Conduct(folder)
    keeper = Keeper(folder, conduct)

    def factory() -> Server:
        made = Server(keeper, enable_SMTPUTF8=False, hostname="sink.example.org", ident="sink")
        made.conduct = conduct
        return made

    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", port)
    unfinished = folder / "port.unfinished"
    unfinished.write_text(str(server.sockets[0].getsockname()[1]))
    unfinished.rename(folder / "port")
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
