"""Clients that try again, while something is done to the servers."""
import itertools
import threading
import time
import uuid

import grpc

from client import REQUEST_ID, access

CLIENTS = 12
# UNAVAILABLE: nothing was changed. DEADLINE_EXCEEDED, and CANCELLED where an answer breaks off: in doubt;
# the key finds out.
TRIED_AGAIN = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED,
               grpc.StatusCode.CANCELLED, grpc.StatusCode.RESOURCE_EXHAUSTED)
MOST_TRIES = 30


class Load:
    """`with Load(clients, token, calls) as load: ...` runs until so many calls have ended, and the body has. The
    clients take turns: one asks by gRPC, another by JSON."""

    def __init__(self, clients, token, calls):
        from businessLogicService.businessLogicService_pb2 import FavoritesListRequest
        from companyService.companyService_pb2 import CompanyListRequest
        from roomService.roomService_pb2 import RoomCreateRequest, RoomListRequest
        from user.userService_pb2 import UserListRequest
        info = access(token)
        self._kinds = itertools.cycle([kind for client in clients for kind in (
            (client.auth.isAuthenticated, info),
            (client.user.userList, UserListRequest(accessInfo=info)),
            (client.company.companyList, CompanyListRequest(accessInfo=info)),
            (client.room.List, RoomListRequest(accessInfo=info, limit=10)),
            (client.business_logic.favoritesList, FavoritesListRequest(accessInfo=info)),
            (client.room.Create, RoomCreateRequest(accessInfo=info, room={'displayName': 'load'})),
        )])
        self._wanted = calls
        self._lock = threading.Lock()
        self._body_ended = threading.Event()
        self.calls = self.tries = 0
        self.failed = []

    def __enter__(self):
        self._threads = [threading.Thread(target=self._call_on) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._body_ended.set()
        for thread in self._threads:
            thread.join()

    def _call_on(self):
        while self.calls < self._wanted or not self._body_ended.is_set():
            with self._lock:
                method, request = next(self._kinds)
            failure = self._call(method, request)
            with self._lock:
                self.calls += 1
                if failure:
                    self.failed.append(failure)

    def _call(self, method, request):
        """Nothing, or why it failed."""
        key = (('idempotency-key', str(uuid.uuid4())),)
        last = None
        for attempt in range(MOST_TRIES):
            with self._lock:
                self.tries += 1
            try:
                reply = method(request, timeout=5, metadata=key)
                info = reply.replyInfo if hasattr(reply, 'replyInfo') else reply
                # 0 is OK in ReplyStatusCode.
                return None if info.statusCode == 0 and info.requestId == REQUEST_ID else str(info)
            except grpc.RpcError as error:
                last = f'{error.code().name}: {error.details()}'
                if error.code() not in TRIED_AGAIN:
                    return last
            time.sleep(min(1.0, 0.05 * 2 ** attempt))
        return last
