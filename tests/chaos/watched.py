"""A server under attack, and the well-behaved client that shall not notice (http2_attacks.py)."""
import os
import threading
import time

import grpc

from http2 import CHECK

CHECKS_PER_SECOND = 20
ASKED = b"\n\x1dcompanyService.CompanyService"  # a HealthCheckRequest, so that the edge knows whom to ask


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


def channel_to(address, ca_file):
    if not ca_file:
        return grpc.insecure_channel(address)
    with open(ca_file, "rb") as file:
        credentials = grpc.ssl_channel_credentials(file.read())
    return grpc.secure_channel(address, credentials,
                               (("grpc.ssl_target_name_override", "localhost"),))


def check_for_ever(address, ca_file, stop, answers):
    """The well-behaved client, in a process of its own. Sends (begin, seconds, whether OK)."""
    channel = channel_to(address, ca_file)
    check = channel.unary_unary(CHECK)
    while not stop.is_set():
        begin = time.monotonic()
        try:
            check(ASKED, timeout=10, wait_for_ready=True)
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
