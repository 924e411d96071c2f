"""The servers that the flows run against: usher as deploy/local/run starts it, in a folder of its own."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = ('auth', 'user', 'company', 'room', 'business-logic')
_OFFSETS = {'public': 0, 'internal': 10, 'metrics': 20, 'tls': 30, 'json': 40}
_EDGES = (39, 40, 49, 50)  # metrics of the one without TLS, itself; the same of the one with TLS


def _port_is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(('127.0.0.1', port))
        except OSError:
            return False
    return True


def _free_port_base():
    """A base with all ports free, below the range that the kernel hands out by itself."""
    start = 20000 + os.getpid() % 100 * 100
    for base in range(start, start + 2000, 100):
        wanted = [offset + i + 1 for offset in _OFFSETS.values() for i in range(len(SERVICES))]
        if all(_port_is_free(base + offset) for offset in (*wanted, *_EDGES)):
            return base
    raise RuntimeError('no free range of ports on 127.0.0.1')


class House:
    """Starts all servers; `with House(build) as house` stops them and forgets their data."""

    def __init__(self, build):
        self._build = build
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='usher-interop-'))
        self.folder.chmod(0o755)  # the database runs as another user when we are root
        self.data = self.folder / 'data'
        self.port_base = _free_port_base()

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        subprocess.run([ROOT / 'deploy/local/stop', '--data', self.data], stdout=subprocess.DEVNULL,
                       check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        """Starts whatever does not run."""
        done = subprocess.run(
            [ROOT / 'deploy/local/run', '--detach', '--no_build', '--build', self._build, '--data',
             self.data, '--port_base', str(self.port_base)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f'deploy/local/run failed:\n{done.stdout}')

    def kill(self, service):
        """SIGKILL to one server."""
        pid = int((self.data / 'run' / f'{service}.pid').read_text())
        os.kill(pid, signal.SIGKILL)

    def address(self, kind, service):
        port = self.port_base + _OFFSETS[kind] + SERVICES.index(service) + 1
        return f'127.0.0.1:{port}'

    def common_address(self):
        """Of all services: the edge without TLS."""
        return f'127.0.0.1:{self.port_base + 40}'

    def operator(self):
        """companyId, username, password, clientId and code, as the bootstrap made them."""
        return json.loads((self.data / 'operator.json').read_text())

    def public_ca(self):
        return (self.data / 'certificates' / 'public_ca.pem').read_bytes()

    def complaints(self):
        """Lines of the servers' logs that no run should leave: sanitizer reports and errors."""
        found = []
        for log in sorted((self.data / 'log').glob('*.log')):
            for line in log.read_text(errors='replace').splitlines():
                if 'Sanitizer' in line or 'runtime error:' in line or '"level":"error"' in line:
                    found.append(f'{log.name}: {line}')
        return found
