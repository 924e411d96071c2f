"""What directories and a mail server that hang cost all others: their p99 beside them, and without."""

import contextlib

from measuring import ratio
from silent_server import SilentServer

OUTSTANDING = 8      # calls whose p99 counts
CONNECTIONS = 8      # that usher-auth has to a directory: the default
PEOPLE = 100         # who sign in a second by one that hangs
THREADS = 32         # of the directories' lane: the default
QUEUED = 144         # that one address may have waiting for them
MAILS = 10_000       # in the outbox

CALLS = {"isAuthenticated": ("is_authenticated", "auth"),
         "authenticate (code)": ("sign_in_code", "auth"),
         "authenticate (refresh)": ("refresh", "auth"),
         "Permissions": ("permissions", "room"),
         "Update": ("room_update", "room"),
         "userProfileUpdate": ("profile_update", "user")}

# It has longer than a pass takes, so that whoever waits, waits all the time.
DIRECTORY = """
directory {{
  company_id: "{company}"
  url: "ldap://{address}"
  plaintext: true
  user_dn: "uid={{user}},dc=example,dc=org"
  timeout_seconds: 30
}}
"""

# Real mails, which are due; and as many more as the outbox is to have, which wait for their next attempt.
KEEP_MAILS = """
CREATE TABLE kept_mails AS
SELECT * FROM mail_outbox WHERE state = 1;
INSERT INTO kept_mails
SELECT (real).* FROM (
  SELECT jsonb_populate_record(mails, jsonb_build_object(
    'mail_id', gen_random_uuid(), 'due_at', now() + interval '1 day', 'attempts', 9)) AS real
  FROM kept_mails AS mails CROSS JOIN generate_series(1, 1 + {mails} / (SELECT count(*) FROM kept_mails))
) AS copies LIMIT {mails};
TRUNCATE mail_outbox
"""
FULL_OUTBOX = "INSERT INTO mail_outbox SELECT * FROM kept_mails; ANALYZE mail_outbox"
EMPTY_OUTBOX = "TRUNCATE mail_outbox"


class Hanging:
    """The two, which hang as long as one is in their contexts."""

    def __init__(self, benchmark):
        self.benchmark = benchmark
        self.house = benchmark.house
        self.mail_server = benchmark.mail_server
        seconds = 1
        benchmark.measure.service("password_reset", "auth", seconds=seconds,
                                  flags=[f"--rate={len(benchmark.seed['people']) / seconds}"])
        self.house.psql("auth", KEEP_MAILS.format(mails=MAILS))
        self.mail_server.await_nobody()

    @contextlib.contextmanager
    def _directories(self, companies, scenario, outstanding, hanging, name, flags=()):
        """New ones each time, of which usher-auth does not know yet that they hang."""
        with SilentServer() as server:
            self.house.set_directories("".join(
                DIRECTORY.format(company=company, address=server.address) for company in companies))
            with self.benchmark.beside(scenario, outstanding, name, flags=flags,
                                       until=lambda: server.await_clients(hanging)):
                try:
                    yield
                finally:
                    server.close()

    def directory(self):
        """Who does not get a connection soon shows that it hangs: from then on nobody waits."""
        return self._directories([self.benchmark.seed["companyId"]], "sign_in_directory", PEOPLE,
                                 CONNECTIONS, f"sign-ins by a directory that hangs, {PEOPLE} a second",
                                 [f"--rate={PEOPLE}"])

    def directories(self):
        """So many that all threads wait, each of them for an answer: what there is room for, waits."""
        companies = [neighbor["companyId"] for neighbor in self.benchmark.seed["neighbors"]]
        return self._directories(companies, "sign_in_directories", THREADS + QUEUED, THREADS,
                                 f"sign-ins by directories that hang, {THREADS + QUEUED} outstanding")

    @contextlib.contextmanager
    def mail(self):
        self.house.psql("auth", FULL_OUTBOX)
        self.mail_server.await_clients(1)
        try:
            yield
        finally:
            self.house.psql("auth", EMPTY_OUTBOX)
            self.mail_server.await_nobody()

    @contextlib.contextmanager
    def all(self):
        with self.mail(), self.directories():
            yield


def hanging(benchmark):
    """All others beside directories that hang, a mail server that does, and both."""
    trouble = Hanging(benchmark)
    beside = {"a directory that hangs": trouble.directory,
              "directories that hang and a full lane": trouble.directories,
              "a mail server that hangs and a full outbox": trouble.mail,
              "these two": trouble.all}

    def alone(scenario, service):
        return benchmark.measure.service(scenario, service, outstanding=OUTSTANDING)

    def troubled(what, *call):
        with beside[what]():
            return alone(*call)

    steps = {}
    for name, call in CALLS.items():
        steps[f"{name}, {OUTSTANDING} outstanding"] = lambda c=call: alone(*c)
        for what in beside:
            steps[f"{name}, {OUTSTANDING} outstanding, {what}"] = (
                lambda w=what, c=call: troubled(w, *c))
    got = benchmark.rounds(steps)
    for name in CALLS:
        quiet = f"{name}, {OUTSTANDING} outstanding"
        for what in beside:
            benchmark.row(f"p99 of {name} beside {what} / without",
                          ratio(got, f"{quiet}, {what}", quiet, "p99_us").text(), "<= 1.2", "<= 1.2")
