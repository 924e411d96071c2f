"""Five hundred connections that send a byte now and then, and never a whole request: others are served as before, and
who dawdles is cut off."""
import selectors
import socket
import time

from raw_http import Connection, request

CONNECTIONS = 500
PATH = '/companyService/available'
CALLS = 300
QUICK = 0.025  # seconds; below that the machine's own noise is larger
LONGEST = 40  # seconds until the last one is cut off
# Where each stops: in the first line, in the headers, in the body, in a chunk.
BEGINNINGS = (f'POST {PATH}', f'POST {PATH} HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
              f'POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{{"',
              f'POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
              'Transfer-Encoding: chunked\r\n\r\nfffff\r\n{"')


class SlowSenders:
    """The connections; `trickle` sends one more byte on each that is still there."""

    def __init__(self, address):
        host, port = address.rsplit(':', 1)
        self._selector = selectors.DefaultSelector()
        self.open = set()
        for i in range(CONNECTIONS):
            connection = socket.create_connection((host, int(port)), 20)
            connection.setblocking(False)
            connection.send(BEGINNINGS[i % len(BEGINNINGS)].encode())
            self._selector.register(connection, selectors.EVENT_READ)
            self.open.add(connection)

    def _end(self, connection):
        self._selector.unregister(connection)
        connection.close()
        self.open.discard(connection)

    def trickle(self):
        for key, _ in self._selector.select(0):
            try:
                while key.fileobj.recv(4096):
                    pass
                self._end(key.fileobj)
            except BlockingIOError:
                pass
            except OSError:
                self._end(key.fileobj)
        for connection in list(self.open):
            try:
                connection.send(b'x')
            except BlockingIOError:
                pass
            except OSError:
                self._end(connection)

    def close(self):
        for connection in list(self.open):
            self._end(connection)


def _p99(address, between=lambda: None):
    """Of calls one after the other, on a connection that is kept."""
    took = []
    with Connection(address) as connection:
        for i in range(CALLS):
            if i % 20 == 0:
                between()
            begin = time.monotonic()
            assert connection.send(request(PATH, b'{"displayName":"A company"}'))
            answer = connection.answer()
            assert answer is not None and answer[0] == 200, answer
            took.append(time.monotonic() - begin)
    return sorted(took)[int(CALLS * 0.99)]


def run(house):
    address = house.address('json', 'company')
    for attempt in range(3):
        quiet = _p99(address)
        slow = SlowSenders(address)
        try:
            beside = _p99(address, slow.trickle)
            until = time.monotonic() + LONGEST
            while slow.open and time.monotonic() < until:
                slow.trickle()
                time.sleep(0.2)
            assert not slow.open, f'{len(slow.open)} of {CONNECTIONS} are still there after {LONGEST} s'
        finally:
            slow.close()
        print(f'        p99 {quiet * 1000:.1f} ms, beside {CONNECTIONS} slow senders {beside * 1000:.1f} ms', flush=True)
        if beside <= max(2 * quiet, QUICK):
            return
    assert False, 'others notice'
