"""A mail server that takes everything and keeps nothing: `python bench/smtp_sink.py` prints its port."""

import asyncio
import warnings

warnings.simplefilter("ignore")
from aiosmtpd.smtp import SMTP, Envelope, Session  # noqa: E402


class Taker:
    """Says yes."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return "250 2.0.0 Taken"


async def main() -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Taker(), enable_SMTPUTF8=False, ident="sink"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
