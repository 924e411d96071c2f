"""Who has used up what a source may do is refused by the worker that comes after SIGUSR2 as well."""
import os
import pathlib
import signal
import socket

from edge import LIMITS, eventually, read_for, request
from house import SERVICES

from http2 import WATCH

PATH = '/companyService.CompanyService/companyAvailable'
SIGN_IN = '/authentication.AuthenticationService/authenticate'
FAST, GUESSING, WATCHING, WELL_BEHAVED = (f'127.0.0.{n}' for n in range(131, 135))  # nobody else's


def _ask(edge, command):
    """What the worker says that the admin socket leads to."""
    with socket.socket(socket.AF_UNIX) as admin:
        admin.settimeout(5)
        admin.connect(str(edge.folder / 'admin.sock'))
        admin.sendall(f'{command}\n'.encode())
        return b''.join(iter(lambda: admin.recv(1 << 16), b'')).decode()


def _worker(edge):
    try:
        rows = dict(row.split(': ', 1) for row in _ask(edge, 'show info').splitlines() if ': ' in row)
        return int(rows['Pid'])
    except (OSError, KeyError):  # while the socket changes hands
        return None


def _watch(edge):
    """A stream that stays open: an old worker to which nobody is connected ends before it tells anything
    (docs/edge.md)."""
    name = b'roomService.RoomService'
    message = b'\x0a' + bytes([len(name)]) + name
    connection = edge.connect(WATCHING)
    connection.send(request(WATCH, 1, message=b'\0' + len(message).to_bytes(4, 'big') + message))
    read_for([connection], 10, lambda: 1 in connection.messages or 1 in connection.ended or connection.closed)
    assert 1 in connection.messages and 1 not in connection.ended, (connection.messages, connection.closed)
    return connection


def _is_gone(pid):
    try:
        stat = pathlib.Path(f'/proc/{pid}/stat').read_text(encoding='ascii')
    except OSError:
        return True
    return stat.rsplit(')', 1)[1].split()[0] == 'Z'


def _use_up(edge, source, path, most):
    """By so much that it is above what it may for six seconds more, however the periods of ten fall."""
    connection, calls = edge.connect(source), 5 * most // 2
    for i in range(calls):
        connection.send(request(path, 2 * i + 1))
        if i % 20 == 0:
            read_for([connection], 5, lambda i=i: len(connection.ended) >= i - 50)
    read_for([connection], 10, lambda: len(connection.ended) == calls or connection.closed)
    assert len(connection.ended) == calls, (len(connection.ended), connection.closed)
    assert most <= len(connection.messages) < 2 * most, len(connection.messages)
    return connection


def _is_let_through(edge, source, path):
    connection = edge.connect(source)
    connection.send(request(path, 1))
    read_for([connection], 10, lambda: 1 in connection.ended or connection.closed)
    assert 1 in connection.ended, f'neither answered nor refused: {connection.closed}'
    connection.close()
    return 1 in connection.messages


def run(edge, _house):
    for service in SERVICES:
        edge.await_replica(service, up=True)
    watching = _watch(edge)
    before = _worker(edge)
    held = [_use_up(edge, GUESSING, SIGN_IN, int(LIMITS['USHER_EDGE_SOURCE_SIGN_INS'])),
            _use_up(edge, FAST, PATH, int(LIMITS['USHER_EDGE_SOURCE_REQUESTS']))]

    os.kill(int((edge.folder / 'haproxy.pid').read_text(encoding='ascii').split()[0]), signal.SIGUSR2)
    eventually(lambda: _worker(edge) not in (None, before), 'a new worker')
    # It is told a moment after it has begun. Nobody has called it from these addresses yet.
    for table, source in (('sign_ins', GUESSING), ('sources', FAST)):
        eventually(lambda t=table, s=source: s in _ask(edge, f'show table {t}'),
                   f'the new worker knows {source}')
    assert not _is_let_through(edge, FAST, PATH)
    assert not _is_let_through(edge, GUESSING, SIGN_IN)
    assert _is_let_through(edge, GUESSING, PATH), 'nothing but sign-ins is refused'
    assert _is_let_through(edge, WELL_BEHAVED, PATH)
    assert _is_let_through(edge, WELL_BEHAVED, SIGN_IN)

    for connection in [watching, *held]:
        connection.close()
    eventually(lambda: _is_gone(before), 'the old worker ends when nobody is connected to it')
    for service in SERVICES:
        edge.await_replica(service, up=True)
