"""The edge before a house: what the clients of tests/interop know of a house, at one address."""
import os
import subprocess
import sys
import time
import urllib.request

from house import ROOT

sys.path.insert(0, str(ROOT / 'tests/chaos'))
from http2 import (  # pylint: disable=wrong-import-position
    DATA, EMPTY_MESSAGE, END_HEADERS, END_STREAM, HEADERS, Connection, frame, headers_of, literal)

# Of a source, so low that a test reaches them.
LIMITS = {'USHER_EDGE_SOURCE_CONNECTIONS': '20', 'USHER_EDGE_SOURCE_REQUESTS': '500',
          'USHER_EDGE_SOURCE_FLOOD': '1500', 'USHER_EDGE_SOURCE_SIGN_INS': '60'}
PATIENCE = 20  # seconds


class Edge:
    """Starts the edge; `with Edge(house) as edge` stops it. `limits`: as variables of its environment."""

    def __init__(self, house, limits=None):
        self._house = house
        self._limits = LIMITS if limits is None else limits
        self.port = house.port_base + 50
        self.folder = house.data / 'edge'

    def __enter__(self):
        done = subprocess.run(
            [ROOT / 'deploy/edge/run', '--detach', '--data', self._house.data],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            env={**os.environ, **self._limits})
        if done.returncode != 0:
            raise RuntimeError(f'deploy/edge/run failed:\n{done.stdout}')
        return self

    def __exit__(self, *_):
        subprocess.run([ROOT / 'deploy/edge/stop', '--data', self._house.data], check=False)

    def address(self, _kind, _service):
        return f'127.0.0.1:{self.port}'

    def public_ca(self):
        return self._house.public_ca()

    def operator(self):
        return self._house.operator()

    def connect(self, source):
        """A connection by hand from an address of the loopback network."""
        ca_file = self._house.data / 'certificates' / 'public_ca.pem'
        return Connection(('127.0.0.1', self.port), str(ca_file), source)

    def metric(self, line):
        """The value of a line of the edge's metrics that begins so; 0 where there is none."""
        text = urllib.request.urlopen(f'http://127.0.0.1:{self.port - 1}/metrics', timeout=5)
        found = [float(row.split()[-1]) for row in text.read().decode().splitlines()
                 if row.startswith(line)]
        return sum(found)

    def await_replica(self, service, up):
        """Until the edge takes the only replica of a service for up, or down."""
        line = f'haproxy_server_status{{proxy="{service}",server="{service}1",state="UP"}}'
        eventually(lambda: self.metric(line) == (1 if up else 0), f'{service} up: {up}')


def eventually(condition, what):
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, f'not within {PATIENCE} s: {what}'
        time.sleep(0.05)


def request(path, stream, *headers, message=EMPTY_MESSAGE):
    """The frames of one call."""
    more = b''.join(literal(name.encode(), value.encode()) for name, value in headers)
    return frame(HEADERS, END_HEADERS, stream, headers_of(path) + more) \
        + frame(DATA, END_STREAM, stream, message)


def read_for(connections, seconds, enough=lambda: False):
    until = time.monotonic() + seconds
    while time.monotonic() < until and not enough():
        for connection in connections:
            connection.read()
            connection.send(b'')
        time.sleep(0.01)
