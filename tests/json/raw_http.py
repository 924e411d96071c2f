"""HTTP by hand: bytes that no client library would send, and what is answered to them."""
import socket

PATIENCE = 20  # seconds


class Connection:
    """One connection to a door. What it answers is read to the end of each answer."""

    def __init__(self, address, patience=PATIENCE):
        host, port = address.rsplit(':', 1)
        self._socket = socket.create_connection((host, int(port)), patience)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read = b''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._socket.close()

    def send(self, data):
        """False where the other side does not listen any more."""
        try:
            self._socket.sendall(data)
            return True
        except OSError:
            return False

    def end(self):
        """Says that nothing more comes."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _more(self):
        try:
            data = self._socket.recv(65536)
        except ConnectionError:
            data = b''
        self._read += data
        return bool(data)

    def answer(self, to_head=False):
        """(status, headers, body) of the next answer; None where the connection ends before one. One to HEAD has no body."""
        while b'\r\n\r\n' not in self._read:
            if not self._more():
                return None
        head, self._read = self._read.split(b'\r\n\r\n', 1)
        first, *lines = head.decode('latin-1').split('\r\n')
        version, status, *_ = first.split(' ')
        assert version in ('HTTP/1.1', 'HTTP/1.0'), first
        headers = {name.lower(): value.strip() for name, value in (line.split(':', 1) for line in lines)}
        if status == '100':
            return self.answer(to_head)
        size = 0 if to_head else int(headers.get('content-length', 0))
        while len(self._read) < size:
            if not self._more():
                return None
        body, self._read = self._read[:size], self._read[size:]
        return int(status), headers, body

    def is_closed(self):
        """Whether the other side has ended it, without another answer; waits for that."""
        while self._more():
            pass
        return not self._read


def request(path, body=b'{}', *lines, method='POST', version='HTTP/1.1', length=True):
    """The bytes of one request."""
    head = [f'{method} {path} {version}', 'Host: localhost', 'Content-Type: application/json', *lines]
    if length:
        head.append(f'Content-Length: {len(body)}')
    return '\r\n'.join(head).encode('latin-1') + b'\r\n\r\n' + body
