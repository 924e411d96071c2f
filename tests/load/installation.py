"""A throw-away usher: five servers and a PostgreSQL of its own, gone when the measuring is over."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SERVICES = ("auth", "user", "company", "room", "business-logic")


class Failure(Exception):
    """Something without which there is nothing to measure; its text says what."""


def run(command, timeout=600):
    """Runs a command to its end and gives its standard output; Failure with its errors if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired as expired:
        raise Failure(f"{command[0]} did not end within {timeout} s") from expired
    if done.returncode != 0:
        raise Failure(f"{' '.join(command[:3])} ... failed:\n{done.stderr.strip()[-2000:]}")
    if done.stderr.strip():
        print(done.stderr.strip(), flush=True)
    return done.stdout


def free_port_base():
    """A number after which the 45 ports that deploy/local/run takes are free now."""
    for _ in range(100):
        base = random.randrange(20000, 32000, 50)
        try:
            for port in range(base + 1, base + 46):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return base
        except OSError:
            continue
    raise Failure("no 45 free ports in a row found")


class Installation:
    """Started and stopped by the scripts of deploy/local. A context manager."""

    def __init__(self, build, mail_server):
        """`mail_server`: where it is to send its mails, host:port."""
        self.build = build
        self.folder = tempfile.mkdtemp(prefix="usher-load-")
        os.chmod(self.folder, 0o755)  # PostgreSQL's own user must be able to pass
        self.house = os.path.join(self.folder, "house")
        self.port_base = free_port_base()
        self.mail_server = mail_server

    def _flags_of_auth(self):
        # Everybody is one source, and guesses are to cost what they cost: all is counted, nobody waits.
        unbounded = [f"--throttle_{limit}=1000000000"
                     for limit in ("free_guesses", "account_guesses", "source_guesses",
                                   "source_at_once", "source_resets")]
        # Tries a mail server that hangs again and again, rather than sleeping on one mail.
        mail = [f"--mail_server=smtp://{self.mail_server}", "--mail_plain",
                "--mail_from=usher@example.org", "--link_bases=https://example.org/",
                "--mail_timeout=1s", "--mail_first_pause=1s"]
        return unbounded + mail + [f"--directories={self.file('directories')}"]

    def __enter__(self):
        os.environ["USHER_LOCAL_AUTH_FLAGS"] = " ".join(self._flags_of_auth())
        self._write_directories("")
        try:
            run([os.path.join(ROOT, "deploy/local/run"), "--detach", "--no_build",
                 "--data", self.house, "--port_base", str(self.port_base), "--build", self.build])
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        try:
            run([os.path.join(ROOT, "deploy/local/stop"), "--data", self.house], timeout=120)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def file(self, name):
        return os.path.join(self.folder, name)

    def program(self, name):
        return os.path.join(self.build, "bin", name)

    @property
    def operator_file(self):
        return os.path.join(self.house, "operator.json")

    def address(self, service):
        return f"127.0.0.1:{self.port_base + 1 + SERVICES.index(service)}"

    def json_address(self, service):
        return f"127.0.0.1:{self.port_base + 41 + SERVICES.index(service)}"

    def pid(self, service):
        with open(os.path.join(self.house, "run", f"{service}.pid"), encoding="utf-8") as file:
            return int(file.read())

    def command(self, service):
        """The command line with which a server was started."""
        with open(f"/proc/{self.pid(service)}/cmdline", encoding="utf-8") as file:
            return file.read().split("\0")[:-1]

    def connection(self, service):
        """Options of psql and pgbench for the database of a service."""
        url = next(flag for flag in self.command(service) if flag.startswith("--database="))
        host = url.split("host='")[1].split("'")[0]
        return ["-h", host, "-p", "5432", "-U", "postgres", service.replace("-", "_")]

    def psql(self, service, sql):
        *options, database = self.connection(service)
        return run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *options, "-d", database,
                    "-c", sql]).strip()

    def _write_directories(self, text):
        with open(self.file("directories"), "w", encoding="utf-8") as file:
            file.write(text)

    def set_directories(self, text):
        """What stands in the file of directories (docs/operations.md) from now on."""
        before = self._directory_readings()
        self._write_directories(text)
        os.kill(self.pid("auth"), signal.SIGHUP)
        until = time.monotonic() + 30
        while self._directory_readings() == before:
            if time.monotonic() > until:
                raise Failure("usher-auth does not read its directories again")
            time.sleep(0.01)

    def _directory_readings(self):
        with open(os.path.join(self.house, "log", "auth.log"), encoding="utf-8") as log:
            return log.read().count("the directories ")

    def memory(self):
        """PSS of the five servers together, in MB; nothing where we may not look."""
        total = 0
        try:
            for service in SERVICES:
                with open(f"/proc/{self.pid(service)}/smaps_rollup", encoding="utf-8") as file:
                    total += next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except PermissionError:
            return None
        return total / 1024

    def seed(self, people, rooms, neighbors):
        """Fills the operator's company through the public calls; returns what it has then."""
        path = self.file("seed.json")
        run([self.program("usher-load"), "seed", f"--auth={self.address('auth')}",
             f"--user={self.address('user')}", f"--room={self.address('room')}", f"--company={self.address('company')}",
             f"--neighbors={neighbors}", f"--operator_file={self.operator_file}", f"--seed_file={path}",
             f"--people={people}", f"--rooms={rooms}"])
        with open(path, encoding="utf-8") as file:
            return json.load(file)


class Echo:
    """usher-echo on a port of its own. A context manager."""

    def __init__(self, program):
        self.process = subprocess.Popen([program, "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()
        self.pid = self.process.pid

    def __enter__(self):
        if not self.address:
            raise Failure("usher-echo does not start")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)


def machine(psql_version):
    """What the numbers were measured on, a line each."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")),
                     "unknown")
    packages = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", "libgrpc++-dev"], capture_output=True, text=True,
        check=False).stdout
    with open("/etc/os-release", encoding="utf-8") as file:
        system = next(line.split("=")[1].strip().strip('"') for line in file
                      if line.startswith("PRETTY_NAME"))
    return [f"{time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}, {os.cpu_count()} x {model}",
            f"{system}, Linux {os.uname().release}, PostgreSQL {psql_version}, gRPC {packages}",
            "client, servers and PostgreSQL on that one machine; 127.0.0.1 and a Unix socket"]
