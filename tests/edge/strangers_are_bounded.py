"""What one source may do through the edge, and that nobody else notices when it wants more."""
import os
import struct

from edge import LIMITS, read_for, request

from http2 import (CANCEL, CONTINUATION, END_HEADERS, HEADERS, RST_STREAM, frame, headers_of, integer)

PATH = '/companyService.CompanyService/companyAvailable'
SIGN_IN = '/authentication.AuthenticationService/authenticate'
SENT_ON = 'haproxy_server_sessions_total{proxy="company"'
IDLE, FAST, FLOODING, ENDLESS, LARGE, WELL_BEHAVED, GUESSING = (f'127.0.0.{n}' for n in range(101, 108))


def _cpu(pid):
    with open(f'/proc/{pid}/stat', encoding='ascii') as stat:
        fields = stat.read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def _is_answered(edge):
    connection = edge.connect(WELL_BEHAVED)
    connection.send(request(PATH, 1))
    read_for([connection], 10, lambda: 1 in connection.messages or connection.closed)
    answered = 1 in connection.messages
    connection.close()
    return answered


def _connections(edge):
    most = int(LIMITS['USHER_EDGE_SOURCE_CONNECTIONS'])
    taken, refused = [], 0
    for _ in range(most + 15):
        try:
            taken.append(edge.connect(IDLE))
        except OSError:
            refused += 1
    assert refused >= 15 and len(taken) >= most, (len(taken), refused)
    assert _is_answered(edge)
    for connection in taken:
        connection.close()


# S7: gRPC 1.51 reads on and on, and nothing in usher hears of it.
def _headers_without_end(edge, pid):
    before = _cpu(pid)
    connection = edge.connect(ENDLESS)
    connection.send(frame(HEADERS, 0, 1, headers_of(PATH) + b'\x10' + integer(1, 7) + b'x' +
                          integer(256 << 20, 7)))
    sent = 0
    while connection.closed is None and sent < 4 << 20:
        connection.send(frame(CONTINUATION, 0, 1, b'a' * 1024))
        sent += 1024
    read_for([connection], 5, lambda: connection.closed)
    assert connection.closed, 'the edge goes on reading headers that do not end'
    assert _cpu(pid) - before < 0.5, 'the server works for headers that it should never see'


def _large_headers(edge):
    connection = edge.connect(LARGE)
    connection.send(request(PATH, 1, *[(f'x-{i}', 'y' * 120) for i in range(50)]))
    connection.send(request(PATH, 3, *[(f'x-{i}', 'y' * 120) for i in range(75)]))
    connection.send(request(PATH, 5))
    read_for([connection], 10, lambda: {1, 5} <= set(connection.messages) or connection.closed)
    assert 1 in connection.messages and 5 in connection.messages, connection.closed
    assert 3 not in connection.messages, 'more than 8 KiB of headers reached the server'


def _too_many_calls(edge):
    most = int(LIMITS['USHER_EDGE_SOURCE_REQUESTS'])
    connection = edge.connect(FAST)
    for i in range(most + 200):
        connection.send(request(PATH, 2 * i + 1))
        if i % 20 == 0:
            read_for([connection], 5, lambda i=i: len(connection.messages) >= min(i, most) - 50)
    read_for([connection], 10, lambda: len(connection.messages) >= most)
    # What is counted is a sliding rate.
    assert most <= len(connection.messages) < most + 150, len(connection.messages)
    assert connection.closed is None, connection.closed
    assert _is_answered(edge)


def _too_many_sign_ins(edge):
    most = int(LIMITS['USHER_EDGE_SOURCE_SIGN_INS'])
    connection = edge.connect(GUESSING)
    for i in range(most + 60):
        connection.send(request(SIGN_IN, 2 * i + 1))
        if i % 20 == 0:
            read_for([connection], 5, lambda i=i: len(connection.messages) >= min(i, most) - 50)
    read_for([connection], 10, lambda: len(connection.messages) >= most)
    connection.send(request(PATH, 9001))
    read_for([connection], 10, lambda: 9001 in connection.messages or connection.closed)
    assert most <= len(connection.messages) - 1 < most + 40, len(connection.messages)
    assert 9001 in connection.messages, 'nothing but sign-ins is refused'


# S6: likewise. The server is not even asked: what is reset before its request is here stays here.
def _resets(edge, pid):
    before, sent_on = _cpu(pid), edge.metric(SENT_ON)
    connection = edge.connect(FLOODING)
    path, reset = headers_of(PATH), struct.pack('>I', CANCEL)
    for first in range(0, 4000, 100):
        data = b''.join(frame(HEADERS, END_HEADERS, 2 * i + 1, path) + frame(RST_STREAM, 0, 2 * i + 1, reset)
                        for i in range(first, first + 100))
        if not connection.send(data):
            break
    read_for([connection], 1, lambda: connection.closed)
    assert edge.metric(SENT_ON) == sent_on, 'a call that was reset at once reached a server'
    connection.send(request(PATH, 9001))
    read_for([connection], 10, lambda: connection.closed)
    assert connection.closed, 'a source that floods keeps its connection'
    assert _cpu(pid) - before < 2, 'the server works for calls that the edge refuses'
    assert _is_answered(edge)


def run(edge, house):
    pid = int((house.data / 'run' / 'company.pid').read_text())
    _connections(edge)
    _headers_without_end(edge, pid)
    _large_headers(edge)
    _too_many_calls(edge)
    _too_many_sign_ins(edge)
    _resets(edge, pid)
