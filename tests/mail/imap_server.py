"""A small IMAP server on the loopback, with what reading a mailbox takes of it."""

import re
import socketserver
import threading
from dataclasses import dataclass, field


@dataclass
class Mailbox:
    """The messages by their key, and the flags of each."""

    messages: dict[int, bytes]
    flags: dict[int, set[str]] = field(default_factory=dict)
    port: int = 0
    password: str = "a long password"

    def left(self) -> dict[int, set[str]]:
        """What is still there, with its flags."""
        return {key: self.flags.get(key, set()) for key in self.messages}


class Handler(socketserver.StreamRequestHandler):
    """One connection."""

    mailbox: Mailbox

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("* OK ready")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            name = command.split(" ")[0].upper()
            answer = getattr(self, f"do_{name.lower()}", lambda command: "OK")(command)
            self.say(f"{tag} {answer} done")
            if name == "LOGOUT":
                return

    def do_capability(self, command: str) -> str:
        self.say("* CAPABILITY IMAP4rev1")
        return "OK"

    def do_login(self, command: str) -> str:
        return "OK" if command.endswith(f'"{self.mailbox.password}"') else "NO [AUTHENTICATIONFAILED]"

    def do_select(self, command: str) -> str:
        if command != 'SELECT "INBOX"':
            return "NO no such folder"
        self.say(f"* {len(self.mailbox.messages)} EXISTS")
        return "OK [READ-WRITE]"

    def do_uid(self, command: str) -> str:
        verb, rest = command.split(" ", 2)[1:]
        if verb == "SEARCH":
            fresh = [str(key) for key, flags in self.mailbox.left().items() if "\\Seen" not in flags]
            self.say(f"* SEARCH {' '.join(fresh)}".rstrip())
            return "OK"
        key = int(rest.split(" ")[0])
        if verb == "FETCH":
            data = self.mailbox.messages[key]
            self.wfile.write(f"* {key} FETCH (UID {key} BODY[] {{{len(data)}}}\r\n".encode() + data + b")\r\n")
        else:
            self.mailbox.flags.setdefault(key, set()).update(re.findall(r"\\\w+", rest))
        return "OK"

    def do_expunge(self, command: str) -> str:
        for key, flags in self.mailbox.left().items():
            if "\\Deleted" in flags:
                del self.mailbox.messages[key]
        return "OK"

    def do_logout(self, command: str) -> str:
        self.say("* BYE")
        return "OK"


class serve:  # noqa: N801 - a context manager
    """Serve a mailbox, on a port of its own, in a thread."""

    def __init__(self, mailbox: Mailbox) -> None:
        handler = type("MailboxHandler", (Handler,), {"mailbox": mailbox})
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        mailbox.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *args: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
