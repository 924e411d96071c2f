#!/usr/bin/python3
"""A mail server for tests, on 127.0.0.1 and a port of its own, which it writes into a file.

    smtp_server.py FOLDER [--certificate PEM --key PEM] [--tls_from_the_start] [--user NAME --password WORD]
                   [--utf8] [--deaf]

Each mail that it takes becomes a file FOLDER/NUMBER.json: who sent it by MAIL FROM, to whom by RCPT TO, the
bytes that came, whether over TLS, as whom. What it answers is in the recipient's name: later-... is answered
451 the first time, refused-... 550, slow-... nothing at all. --utf8: it offers SMTPUTF8. --deaf: nobody is
answered anything.
"""

import argparse
import asyncio
import json
import os
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.taken = 0
        self.seen = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        with open(os.path.join(self.folder, "recipients"), "a", encoding="utf-8") as log:
            log.write(address + "\n")
        if address.startswith("refused-"):
            return "550 5.1.1 there is no such mailbox"
        if address.startswith("slow-"):
            await asyncio.sleep(3600)
        if address.startswith("later-") and address not in self.seen:
            self.seen.add(address)
            return "451 4.7.1 greylisted, come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken += 1
        path = os.path.join(self.folder, f"{self.taken}.json")
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump(
                {
                    "from": envelope.mail_from,
                    "to": envelope.rcpt_tos,
                    "content": envelope.content.decode("utf-8" if envelope.smtp_utf8 else "ascii"),
                    "tls": server.transport.get_extra_info("ssl_object") is not None,
                    "user": session.auth_data.login.decode() if session.auth_data else "",
                },
                file,
            )
        os.rename(path + ".new", path)
        return "250 taken"


async def deaf(reader, writer):
    await asyncio.sleep(3600)


async def serve(flags):
    context = None
    if flags.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(flags.certificate, flags.key)
    handler = Handler(flags.folder)

    def authenticate(server, session, envelope, mechanism, data):
        good = data.login.decode() == flags.user and data.password.decode() == flags.password
        return AuthResult(success=good, handled=good, auth_data=data)

    def smtp():
        starttls = context is not None and not flags.tls_from_the_start
        return SMTP(
            handler,
            hostname="localhost",
            tls_context=context if starttls else None,
            require_starttls=starttls,
            authenticator=authenticate if flags.user else None,
            auth_required=bool(flags.user),
            auth_require_tls=starttls,
            enable_SMTPUTF8=flags.utf8,
            loop=asyncio.get_running_loop(),
        )

    if flags.deaf:
        server = await asyncio.start_server(deaf, "127.0.0.1", 0)
    else:
        server = await asyncio.get_running_loop().create_server(
            smtp, "127.0.0.1", 0, ssl=context if flags.tls_from_the_start else None
        )
    port = os.path.join(flags.folder, "port")
    with open(port + ".new", "w", encoding="ascii") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    os.rename(port + ".new", port)
    async with server:
        await server.serve_forever()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--tls_from_the_start", action="store_true")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--utf8", action="store_true")
    parser.add_argument("--deaf", action="store_true")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
