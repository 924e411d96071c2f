#!/usr/bin/python3
"""A media engine's side of usher, as an author of one would write it: docs/engines.md. Nothing is sent to anybody here;
whoever takes it puts what moves audio and video into the places that say so.

    tests/engines/engine.py --stubs DIR --auth HOST:PORT --room-service HOST:PORT --company ID \
        --client-id ID --code-file FILE --name NAME ROOM_ID:USER_ID...

holds the named users in the named rooms until it is told otherwise, prints a line for all that happens, and leaves
when its input ends. DIR has what protoc makes of proto/ (tests/interop/client.py, generate_stubs).
"""
import argparse
import pathlib
import sys
import threading
import time

import grpc

PATIENCE = 10  # seconds, for one call
MOST_ROOMS = 500  # in one report
LONGEST_PAUSE = 5  # seconds, between two attempts


class Engine:
    """Keeps usher up to date about `rooms`, and does what it is told. Thread-safe."""

    def __init__(self, auth, room_service, credentials, name, say=print):
        """`auth` and `room_service`: channels; `credentials`: companyId, clientId, code."""
        from authentication import authenticationService_pb2 as messages
        from authentication import authenticationService_pb2_grpc as authentication
        from usher.engine.v1 import engine_pb2
        from usher.engine.v1 import engine_pb2_grpc
        self.messages = engine_pb2
        self._sign_in_request = messages.AuthenticationRequest(authorizationCodeCredentials=credentials)
        self._auth = authentication.AuthenticationServiceStub(auth)
        self._service = engine_pb2_grpc.EngineServiceStub(room_service)
        self._name = name
        self._say = say
        self._lock = threading.Lock()
        self._rooms = {}  # room ID -> {user ID -> Occupant}
        self._closed = set()  # rooms, since the last report
        self._changed = threading.Event()
        self._ending = threading.Event()
        self._token_lock = threading.Lock()
        self._token = None
        self._token_ends = 0
        self._report_every = 30  # seconds, until a welcome tells
        self._fresh = True  # the next report tells everything there is
        self._call = None
        self.reported = threading.Event()  # set while the last report was taken
        self._threads = [threading.Thread(target=self._keep, args=(work,), daemon=True)
                         for work in (self._follow, self._report_all)]

    # --- what happens in the engine

    def start(self):
        for thread in self._threads:
            thread.start()

    def enter(self, room_id, user_id, **more):
        """Somebody came in. `more`: fields of Occupant."""
        occupant = self.messages.Occupant(person={'user_id': user_id}, **more)
        with self._lock:
            self._rooms.setdefault(room_id, {})[user_id] = occupant
        self._changed.set()

    def leave(self, room_id, user_id):
        with self._lock:
            there = self._rooms.get(room_id, {}).pop(user_id, None) is not None
        self._changed.set()
        return there

    def open(self, room_id):
        """A room that may be empty: from now on this engine hears of it."""
        with self._lock:
            self._rooms.setdefault(room_id, {})
        self._changed.set()

    def close_room(self, room_id):
        with self._lock:
            there = self._rooms.pop(room_id, None) is not None
            self._closed.add(room_id)
        self._changed.set()
        return there

    def occupants(self, room_id):
        """The users, or None where the room is not open."""
        with self._lock:
            users = self._rooms.get(room_id)
            return None if users is None else set(users)

    def stop(self):
        """The last report says that there is nobody any more."""
        self._ending.set()
        self._changed.set()
        if self._call is not None:
            self._call.cancel()
        for thread in self._threads:
            thread.join()
        try:
            self._service.report(self.messages.ReportRequest(
                accessInfo=self._access(), engine_id=self._name, all_rooms=True), timeout=PATIENCE)
        except grpc.RpcError:
            pass  # it is forgotten by itself

    # --- what usher says

    def _obey(self, command):
        order = command.WhichOneof('order')
        if order == 'welcome':
            self._report_every = command.welcome.report_every_seconds
        elif order == 'put_out':
            self._put_out(command.put_out)
        elif order == 'close_room':
            # Here: disconnect everybody in it.
            if self.close_room(command.close_room.room_id):
                self._say(f'closed {command.close_room.room_id}')
        elif order == 'room_changed':
            self._say(f'changed {command.room_changed.room_id}')  # here: ask findRights for quotas
        elif order == 'permissions_changed':
            changed = command.permissions_changed
            self._say(f'rights {changed.room_id} {changed.user_id}')  # here: ask findRights

    def _put_out(self, order):
        with self._lock:
            rooms = [order.room_id] if order.room_id else list(self._rooms)
        for room_id in rooms:
            # Here: disconnect the user, and refuse the token that they had.
            if self.leave(room_id, order.user_id):
                self._say(f'put out {order.user_id} of {room_id}')

    # --- two loops

    def _keep(self, work):
        """Goes on with `work`, whatever happens to the connection, until the end."""
        pause = 0.1
        while not self._ending.is_set():
            try:
                work()
                pause = 0.1
            except grpc.RpcError as error:
                self._say(f'{work.__name__[1:]}: {error.code().name} {error.details()}')
            except RefusedError as error:
                self._say(f'{work.__name__[1:]}: {error}')
                self._token = None  # sign in again
            self._ending.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _follow(self):
        """Obeys, and then acknowledges: what was not acknowledged is sent again."""
        self._call = self._service.watchCommands(self.messages.WatchCommandsRequest(
            accessInfo=self._access(), engine_id=self._name))
        for command in self._call:
            _check(command.replyInfo)
            self._obey(command)
            if not command.command_id:
                # The stream is open: whatever happened before, this brings both up to date.
                self._fresh = True
                self._changed.set()
                continue
            _check(self._service.acknowledge(self.messages.AcknowledgeRequest(
                accessInfo=self._access(), engine_id=self._name,
                command_ids=[command.command_id]), timeout=PATIENCE).replyInfo)

    def _report_all(self):
        """All rooms, now and whenever something changes, at least as often as was asked for."""
        self._changed.clear()
        with self._lock:
            everything = self._fresh
            self._fresh = False
            closed, self._closed = self._closed, set()
            rooms = [self.messages.RoomReport(room_id=room_id, occupants=users.values())
                     for room_id, users in self._rooms.items()]
        try:
            for begin in range(0, max(len(rooms), 1), MOST_ROOMS):
                first = begin == 0
                self._report(self.messages.ReportRequest(
                    accessInfo=self._access(), engine_id=self._name,
                    rooms=rooms[begin:begin + MOST_ROOMS], all_rooms=first and everything,
                    closed_room_ids=closed if first else []))
        except BaseException:
            self._fresh = True
            self.reported.clear()
            raise
        self.reported.set()
        self._changed.wait(self._report_every)

    def _report(self, request):
        reply = self._service.report(request, timeout=PATIENCE)
        _check(reply.replyInfo)
        for room_id in reply.unknown_room_ids:
            if self.close_room(room_id):
                self._say(f'closed {room_id}')
        for order in reply.put_out:
            self._put_out(order)

    def _access(self):
        """A token that is good for some minutes yet."""
        with self._token_lock:
            if self._token is None or self._token_ends < time.time() + 300:
                reply = self._auth.authenticate(self._sign_in_request, timeout=PATIENCE)
                _check(reply.replyInfo)
                self._token, self._token_ends = reply.accessToken, reply.expiresAt
            return {'accessToken': self._token, 'requestId': f'engine {self._name}'}


class RefusedError(Exception):
    """usher has decided, and it is a no."""


def _check(info):
    if info.statusCode != 0:
        raise RefusedError(f'{info.statusCode} {info.statusMessage}')


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    for name in ('--stubs', '--auth', '--room-service', '--company', '--client-id', '--code-file', '--name'):
        arguments.add_argument(name, required=True)
    arguments.add_argument('places', nargs='*', metavar='ROOM_ID:USER_ID')
    arguments = arguments.parse_args()
    sys.path.insert(0, arguments.stubs)
    code = pathlib.Path(arguments.code_file).read_text(encoding='utf-8').strip()
    engine = Engine(
        grpc.insecure_channel(arguments.auth), grpc.insecure_channel(arguments.room_service),
        {'companyId': arguments.company, 'clientId': arguments.client_id, 'code': code},
        arguments.name, say=lambda line: print(line, flush=True))
    for place in arguments.places:
        room_id, user_id = place.split(':')
        engine.enter(room_id, user_id)
    engine.start()
    if engine.reported.wait(60):
        print('reported', flush=True)
    sys.stdin.read()
    engine.stop()


if __name__ == '__main__':
    main()
