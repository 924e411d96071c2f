"""A server that accepts connections and never says a word."""

import selectors
import socket
import threading
import time

from installation import Failure


class SilentServer:
    """On 127.0.0.1, on a port of its own. A context manager, at whose end all connections do."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.clients = set()
        self.wake, self.woken = socket.socketpair()
        self.thread = threading.Thread(target=self._accept)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Whoever waits for an answer hears that there will be none; who comes now is refused."""
        if self.thread.is_alive():
            self.wake.close()
            self.thread.join()

    def await_clients(self, many):
        """Until so many wait for an answer at the same time."""
        self._await(lambda: len(self.clients) >= many, f"{many} connections")

    def await_nobody(self):
        self._await(lambda: not self.clients, "no connection")

    def _await(self, is_so, what):
        until = time.monotonic() + 30
        while not is_so():
            if time.monotonic() > until:
                raise Failure(f"{what} was waited for: there are {len(self.clients)}")
            time.sleep(0.01)

    def _accept(self):
        selector = selectors.DefaultSelector()
        for waited_for in (self.listener, self.woken):
            selector.register(waited_for, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is self.woken:
                    self._close_all()
                    return
                if key.fileobj is self.listener:
                    self._take(selector)
                else:
                    self._hear(selector, key.fileobj)

    def _take(self, selector):
        client, _ = self.listener.accept()
        selector.register(client, selectors.EVENT_READ)
        self.clients.add(client)

    def _hear(self, selector, client):
        try:
            if client.recv(65536):
                return
        except OSError:
            pass
        selector.unregister(client)
        self.clients.remove(client)
        client.close()

    def _close_all(self):
        self.listener.close()
        for client in self.clients:
            client.close()
        self.clients.clear()
