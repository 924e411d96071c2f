"""HTTP/2 by hand, for those who do with it what no client does (http2_attacks.py, tests/edge)."""
import functools
import select
import socket
import ssl
import struct
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
# Frame types, flags, settings and errors: RFC 9113, sections 6 and 7.
DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 7, 8, 9
PING = 6
END_STREAM, ACK, END_HEADERS, PADDED = 1, 1, 4, 8
MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE = 3, 4
CANCEL, REFUSED_STREAM = 8, 7
CHECK = "/grpc.health.v1.Health/Check"
WATCH = "/grpc.health.v1.Health/Watch"
EMPTY_MESSAGE = b"\0\0\0\0\0"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) \
        + payload


def literal(name, value):
    """A header, never indexed, without Huffman (RFC 7541, section 6.2.3); both below 127 bytes."""
    return b"\x10" + bytes([len(name)]) + name + bytes([len(value)]) + value


def headers_of(path):
    pairs = ((":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
             ("content-type", "application/grpc"), ("te", "trailers"))
    return b"".join(literal(name.encode(), value.encode()) for name, value in pairs)


def integer(value, prefix_bits):
    """RFC 7541, section 5.1, with nothing set before the prefix."""
    most = (1 << prefix_bits) - 1
    if value < most:
        return bytes([value])
    encoded, value = [most], value - most
    while value >= 128:
        encoded.append(value % 128 + 128)
        value //= 128
    return bytes(encoded + [value])


@functools.lru_cache
def _context(ca_file):
    context = ssl.create_default_context(cafile=ca_file)
    context.set_alpn_protocols(["h2"])
    return context


class _Tls:
    """A TLS socket that does not block, as a plain one behaves."""

    def __init__(self, plain, ca_file):
        self._socket = _context(ca_file).wrap_socket(plain, server_hostname="localhost")

    def setblocking(self, blocking):
        self._socket.setblocking(blocking)

    def fileno(self):
        return self._socket.fileno()

    def sendall(self, data):
        self._socket.sendall(data)

    def send(self, data):
        try:
            return self._socket.send(data)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
            raise BlockingIOError from error

    def recv(self, size):
        try:
            return self._socket.recv(size)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
            raise BlockingIOError from error

    def close(self):
        self._socket.close()


class Connection:
    """Sends what it is told to, and reads along, so that windows stay open."""

    def __init__(self, address, ca_file=None, source=None):
        """With TLS where a CA is named; `source`: from which address."""
        self._socket = socket.create_connection(
            address, timeout=10, source_address=(source, 0) if source else None)
        if ca_file:
            self._socket = _Tls(self._socket, ca_file)
        self._socket.sendall(PREFACE + frame(SETTINGS, 0, 0) +
                             frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", (1 << 31) - 65536)))
        self._socket.setblocking(False)
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN | select.POLLOUT)
        self._received = b""
        self._answers = b""  # to go out between two frames of ours
        self.window = 65535  # of the connection, for DATA
        self.first_window = 65535  # of each stream
        self.stream_windows = {}  # of those that have used of theirs, or got more
        self.most_streams = None
        self.refused = 0
        self.messages = {}  # stream -> bytes of DATA
        self.ended = set()  # streams that the server has ended, by HEADERS or DATA
        self.closed = None  # why

    def send(self, data, until=None):
        """False when the connection is closed, or it took longer."""
        until = until or time.monotonic() + 10
        rest = memoryview(self._answers + data)
        self._answers = b""
        while len(rest) > 0 and self.closed is None and time.monotonic() < until:
            events = dict(self._poll.poll(100)).get(self._socket.fileno(), 0)
            if events & ~select.POLLOUT:
                self.read()
            if not events & select.POLLOUT:
                continue
            try:
                rest = rest[self._socket.send(rest):]
            except BlockingIOError:
                continue
            except OSError as error:
                self.closed = self.closed or error.strerror
        return len(rest) == 0

    def read(self):
        """What is there, without waiting."""
        while True:
            try:
                received = self._socket.recv(1 << 18)
            except BlockingIOError:
                return
            except OSError as error:
                self.closed = self.closed or error.strerror
                return
            if not received:
                self.closed = self.closed or "closed by the server"
                return
            self._received += received
            self._take_frames()

    def _take_frames(self):
        at = 0
        while len(self._received) >= at + 9:
            length = int.from_bytes(self._received[at:at + 3], "big")
            if len(self._received) < at + 9 + length:
                break
            kind, flags = self._received[at + 3], self._received[at + 4]
            stream = int.from_bytes(self._received[at + 5:at + 9], "big")
            self._take(kind, flags, stream, self._received[at + 9:at + 9 + length])
            at += 9 + length
        self._received = self._received[at:]

    def _take(self, kind, flags, stream, payload):
        if kind in (HEADERS, DATA) and flags & END_STREAM:
            self.ended.add(stream)
        if kind == SETTINGS and not flags & ACK:
            for i in range(0, len(payload), 6):
                setting, value = struct.unpack(">HI", payload[i:i + 6])
                if setting == MAX_CONCURRENT_STREAMS:
                    self.most_streams = value
                elif setting == INITIAL_WINDOW_SIZE:
                    self._start_with(value)
            self._answer(frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            self._answer(frame(PING, ACK, 0, payload))
        elif kind == WINDOW_UPDATE and stream == 0:
            self.window += struct.unpack(">I", payload)[0]
        elif kind == WINDOW_UPDATE:
            self.stream_windows[stream] = \
                self.stream_windows.get(stream, self.first_window) + struct.unpack(">I", payload)[0]
        elif kind == RST_STREAM and struct.unpack(">I", payload)[0] == REFUSED_STREAM:
            self.refused += 1
        elif kind == GOAWAY:
            self.closed = "GOAWAY %d %s" % (struct.unpack(">I", payload[4:8])[0],
                                            payload[8:].decode(errors="replace"))
        elif kind == DATA:
            self.messages[stream] = self.messages.get(stream, b"") + payload

    def take_window(self, stream, size):
        """Before that much DATA is sent."""
        self.window -= size
        self.stream_windows[stream] = self.stream_windows.get(stream, self.first_window) - size

    def _start_with(self, window):
        for stream in self.stream_windows:
            self.stream_windows[stream] += window - self.first_window
        self.first_window = window

    def _answer(self, data):
        self._answers += data

    def close(self):
        self._socket.close()
