#!/usr/bin/python3
"""Attacks a server of usher below gRPC, and measures what that does to it and to others.

    tests/chaos/http2_attacks.py ADDRESS PID ATTACK [--connections N] [--streams N] [--rate N]
                                 [--mebibytes N] [--settle SECONDS] [--ca FILE] [--edge PID] [--sources N]

ADDRESS  host:port on loopback of a server that somebody started for this (it may need 4 GiB), or of the
         edge before it (deploy/edge/run): then with --ca, the PID of the edge's worker, and the attack comes
         from 127.1.0.1 and the following, --sources of them, and not from where the well-behaved client is
PID      of that server; its CPU and memory are read from /proc
ATTACK   resets         HEADERS, DATA and RST_STREAM, --streams of them on each of --connections, at
                        --rate a second and connection (0: as fast as it goes)
         string         headers that do not end: a literal announced as 256 MiB, --mebibytes of it
                        in CONTINUATION frames of 1 KiB
         bare           HEADERS and RST_STREAM alone
         padded         the same as resets, with 255 bytes of padding in each frame
         pings          --streams PING frames
         idle           connections, without a call
         continuation   the same with headers that are complete, one after the other
         streams        --streams calls on each of --connections whose requests do not end
         watches        as many health watches, which say nothing; then SIGTERM to the server, of
                        which all must hear

Prints one line of JSON: latencies (ms) of a well-behaved client that checks the health twenty
times a second, before and during; the server's CPU seconds during it; its memory (MiB) before,
at most, right after, and --settle seconds later. Bounded in time and count.
Needs python3-grpcio for the well-behaved client, and nothing else that Python does not bring.
"""
import argparse
import ipaddress
import json
import multiprocessing
import os
import signal
import struct
import sys
import threading
import time

sys.dont_write_bytecode = True

from http2 import (  # pylint: disable=wrong-import-position
    CANCEL, CHECK, CONTINUATION, DATA, EMPTY_MESSAGE, END_HEADERS, END_STREAM, HEADERS, PADDED, PING,
    RST_STREAM, WATCH, Connection, frame, headers_of, integer, literal)
from watched import Server, check_for_ever, summary  # pylint: disable=wrong-import-position

MOST_STREAMS = 200000  # of one run
MOST_CONNECTIONS = 10000
LONGEST_ATTACK = 60.0  # seconds


def reset_stream(attack, stream, path):
    """The frames of one call that is called off at once."""
    reset = frame(RST_STREAM, 0, stream, struct.pack(">I", CANCEL))
    if attack == "bare":
        return frame(HEADERS, END_HEADERS, stream, path) + reset
    if attack == "resets":
        return frame(HEADERS, END_HEADERS, stream, path) \
            + frame(DATA, END_STREAM, stream, EMPTY_MESSAGE) + reset
    padding = b"\0" * 255
    return frame(HEADERS, END_HEADERS | PADDED, stream, b"\xff" + path + padding) \
        + frame(DATA, END_STREAM | PADDED, stream, b"\xff" + EMPTY_MESSAGE + padding) + reset


def send_resets(connection, arguments):
    """Returns how many streams were reset."""
    path = headers_of("/companyService.CompanyService/companyAvailable")
    of_window = {"resets": len(EMPTY_MESSAGE), "bare": 0, "padded": len(EMPTY_MESSAGE) + 256}
    begin, sent = time.monotonic(), 0
    batch = min(200, arguments.rate // 20 or 1) if arguments.rate else 200
    while sent < arguments.streams:
        data = b""
        for i in range(sent, min(sent + batch, arguments.streams)):
            data += reset_stream(arguments.attack, 2 * i + 1, path)
        until = begin + LONGEST_ATTACK
        connection.window -= of_window[arguments.attack] * batch
        while connection.window < 0 and connection.closed is None and time.monotonic() < until:
            read_all([connection], 0.01)
        if not connection.send(data, until):
            break
        sent += batch
        if arguments.rate:
            time.sleep(max(0.0, begin + sent / arguments.rate - time.monotonic()))
    return sent


def send_pings(connection, arguments):
    """Returns how many were sent."""
    sent = 0
    while sent < arguments.streams and connection.send(frame(PING, 0, 0, b"12345678") * 500):
        sent += 500
    return sent


def stay_idle(connection, _):
    """Returns whether the connection was taken, as far as can be told now."""
    connection.read()
    return int(connection.closed is None)


def send_headers_without_end(connection, arguments):
    """Returns the bytes of headers that were sent."""
    if arguments.attack == "string":
        first = headers_of(CHECK) + b"\x10" + integer(1, 7) + b"x" + integer(256 << 20, 7)
        piece = b"a" * 1024
    else:
        first, piece = headers_of(CHECK), literal(b"x" * 100, b"y" * 100) * 5
    connection.send(frame(HEADERS, 0, 1, first))
    more = frame(CONTINUATION, 0, 1, piece) * 16
    until, sent = time.monotonic() + LONGEST_ATTACK, 0
    while sent < arguments.mebibytes << 20 and connection.send(more, until):
        sent += 16 * len(piece)
    return sent


def open_streams(connection, arguments):
    """Returns how many were opened and not refused."""
    watches = arguments.attack == "watches"
    path = headers_of(WATCH if watches else CHECK)
    for i in range(arguments.streams):
        data = frame(HEADERS, END_HEADERS, 2 * i + 1, path)
        if watches:
            data += frame(DATA, END_STREAM, 2 * i + 1, EMPTY_MESSAGE)
        if not connection.send(data):
            break
    return arguments.streams


def on_each(connections, attack, arguments):
    sent = [0] * len(connections)

    def run(first, step):
        for i in range(first, len(connections), step):
            sent[i] = attack(connections[i], arguments)
    threads = [threading.Thread(target=run, args=(i, 100)) for i in range(min(100, len(connections)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(sent)


def connect_all(address, arguments):
    """The connections that were taken, and how many were not."""
    connections, refused, until = [], 0, time.monotonic() + LONGEST_ATTACK
    for i in range(arguments.connections):
        source = f"127.1.{i % arguments.sources // 250}.{i % arguments.sources % 250 + 1}"
        try:
            connections.append(Connection(address, arguments.ca, source if arguments.ca else None))
        except OSError:
            refused += 1
        if time.monotonic() > until:
            break
    return connections, refused


def read_all(connections, seconds, enough=lambda: False):
    until = time.monotonic() + seconds
    while time.monotonic() < until and not enough():
        for connection in connections:
            connection.read()
            connection.send(b"")
        time.sleep(0.01)


def watch_in_silence(connections, server, arguments, result):
    wanted = len(connections) * arguments.streams

    def told(times):
        return sum(len(message) >= times * 7 for connection in connections
                   for message in connection.messages.values())
    read_all(connections, 30, lambda: told(1) >= wanted)
    result["watches"] = told(1)
    result["memory_with_watches"] = round(server.memory())
    time.sleep(2)
    before = server.cpu()
    time.sleep(10)
    result["percent_of_a_core_while_silent"] = round(10 * (server.cpu() - before), 2)
    begin = time.monotonic()
    os.kill(server.pid, signal.SIGTERM)
    read_all(connections, 20, lambda: told(2) >= wanted)
    result["heard_of_the_stop"] = told(2)
    result["after_seconds"] = round(time.monotonic() - begin, 2)


ATTACKS = {"resets": send_resets, "bare": send_resets, "padded": send_resets, "pings": send_pings,
           "idle": stay_idle, "string": send_headers_without_end,
           "continuation": send_headers_without_end, "streams": open_streams,
           "watches": open_streams}


def arguments_of():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("pid", type=int)
    parser.add_argument("attack", choices=ATTACKS)
    parser.add_argument("--connections", type=int, default=1)
    parser.add_argument("--streams", type=int, default=100)
    parser.add_argument("--rate", type=int, default=0)
    parser.add_argument("--mebibytes", type=int, default=8)
    parser.add_argument("--settle", type=float, default=30)
    parser.add_argument("--ca")
    parser.add_argument("--edge", type=int)
    parser.add_argument("--sources", type=int, default=1)
    arguments = parser.parse_args()
    host, port = arguments.address.rsplit(":", 1)
    if not ipaddress.ip_address(host).is_loopback:
        parser.error("this is for servers on loopback")
    streams = 1 if arguments.attack == "idle" else arguments.streams
    if arguments.connections * streams > MOST_STREAMS or arguments.mebibytes > 16 \
            or arguments.connections > MOST_CONNECTIONS:
        parser.error("that is more than anybody needs to see it")
    return arguments, (host, int(port))


def main():
    arguments, address = arguments_of()
    server = Server(arguments.pid)
    edge = Server(arguments.edge) if arguments.edge else None
    stop, queue = multiprocessing.Event(), multiprocessing.Queue()
    client = None
    if arguments.attack != "watches":  # nothing shall happen there
        client = multiprocessing.Process(
            target=check_for_ever, args=(arguments.address, arguments.ca, stop, queue), daemon=True)
        client.start()
        time.sleep(4)
    result = {"attack": arguments.attack, "connections": arguments.connections}
    memory, cpu, begin = server.memory(), server.cpu(), time.monotonic()
    edge_before = (edge.memory(), edge.cpu()) if edge else None
    connections, result["not_taken"] = connect_all(address, arguments)
    read_all(connections, 0.3)
    result["sent"] = on_each(connections, ATTACKS[arguments.attack], arguments)
    result["sent_in"] = round(time.monotonic() - begin, 2)
    if arguments.attack == "watches":
        watch_in_silence(connections, server, arguments, result)
        print(json.dumps(result))
        return
    # Until the server has worked it off, as far as a client can tell.
    read_all(connections, 5)
    result["most_streams_by_settings"] = connections[0].most_streams if connections else None
    result["refused"] = sum(connection.refused for connection in connections)
    reasons = [connection.closed for connection in connections if connection.closed]
    result["closed"] = {reason: reasons.count(reason) for reason in set(reasons)}
    quiet_again = time.monotonic()
    for connection in connections:
        connection.close()
    after = server.memory()
    result["cpu_seconds"] = round(server.cpu() - cpu, 2)
    if edge:
        result["edge"] = {"cpu_seconds": round(edge.cpu() - edge_before[1], 2),
                          "memory": {"before": round(edge_before[0]), "most": round(edge.most)}}
    stop.set()
    answers = list(iter(lambda: queue.get(timeout=60), None))
    client.join()
    print("attacked", flush=True)
    time.sleep(arguments.settle)
    result["memory"] = {"before": round(memory), "most": round(server.most), "after": round(after),
                        "settled": round(server.memory())}
    # The first calls open the connection.
    result["before"] = summary([call for call in answers[20:] if call[0] + call[1] < begin])
    result["during"] = summary([call for call in answers
                                if call[0] + call[1] >= begin and call[0] < quiet_again])
    print(json.dumps(result))


if __name__ == "__main__":
    main()
