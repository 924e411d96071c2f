#!/usr/bin/python3
"""Plays media engines with any number of rooms and users against a usher, and says how long things take.

    tests/engines/simulator.py --stubs DIR --auth HOST:PORT --room-service HOST:PORT[,HOST:PORT...] --company ID \
        --client-id ID --code-file FILE [--engines N] [--rooms N] [--users N] [--seconds N]

makes the rooms, puts the users into them, each engine at the next one of the room servers, keeps them there for so many
seconds (until its input ends where none is given), and destroys the rooms. docs/engines.md, "A simulator".
"""
import argparse
import pathlib
import sys
import time
import uuid

import grpc

import engine as engine_module


class Simulation:
    """Rooms in a company, and engines that have them. The API client holds ROOM_ADMIN and ROOM_CREATE."""

    def __init__(self, auth, room_services, credentials, say=print):
        """`auth` and `room_services`: addresses; engines go to the latter in turn."""
        from authentication import authenticationService_pb2 as messages
        from authentication import authenticationService_pb2_grpc as authentication
        from roomService import roomService_pb2 as room_pb2
        from roomService import roomService_pb2_grpc as room
        self._room_pb2 = room_pb2
        self._say = say
        self._credentials = credentials
        self._auth = grpc.insecure_channel(auth)
        self._channels = [grpc.insecure_channel(address) for address in room_services]
        # Asks at the first, while engines may be at any.
        self.rooms_stub = room.roomServiceStub(self._channels[0])
        self._stub = authentication.AuthenticationServiceStub(self._auth)
        self._request = messages.AuthenticationRequest(authorizationCodeCredentials=credentials)
        self.engines = []
        self.places = {}  # room ID -> user IDs
        self._token = None

    def access(self):
        if self._token is None:
            self._token = self._stub.authenticate(self._request, timeout=10).accessToken
        return {'accessToken': self._token, 'requestId': 'simulator'}

    def make_rooms(self, count, users):
        for number in range(count):
            reply = self.rooms_stub.Create(self._room_pb2.RoomCreateRequest(
                accessInfo=self.access(), room={
                    'displayName': f'Simulated {number}', 'defaultPermissions': {'join': True}}), timeout=10)
            assert reply.replyInfo.statusCode == 0, reply
            self.places[reply.roomId] = {str(uuid.uuid4()) for _ in range(users)}

    def add_engines(self, count):
        """Each room is at one engine; of every tenth one half of the users are at the next."""
        for number in range(count):
            channel = self._channels[number % len(self._channels)]
            self.engines.append(engine_module.Engine(
                self._auth, channel, self._credentials, f'simulated-{number}', self._say))
        for number, (room_id, users) in enumerate(self.places.items()):
            for place, user_id in enumerate(sorted(users)):
                elsewhere = number % 10 == 0 and place % 2 == 1
                self.engines[(number + elsewhere) % count].enter(room_id, user_id, display_name=f'User {place}')
        for engine in self.engines:
            engine.start()

    def status(self, room_ids):
        """Who is online, by room."""
        found = {}
        room_ids = list(room_ids)
        for begin in range(0, len(room_ids), 100):
            reply = self.rooms_stub.Status(self._room_pb2.RoomStatusRequest(
                accessInfo=self.access(), roomIds=room_ids[begin:begin + 100]), timeout=10)
            assert reply.replyInfo.statusCode == 0, reply.replyInfo
            for room_id, info in reply.rooms.items():
                found[room_id] = {user_id for user_id, user in info.users.items() if user.online}
        return found

    def is_right(self):
        """Whether Status tells of all rooms what there is."""
        try:
            return self.status(self.places) == self.places
        except grpc.RpcError:
            return False

    def await_right(self, patience):
        """Answers the seconds that it took."""
        begin = time.monotonic()
        while not self.is_right():
            waited = time.monotonic() - begin
            assert waited < patience, f'Status is not right after {waited:.1f} s'
            self.engines[0].reported.wait(0.2)
        return time.monotonic() - begin

    def destroy(self, room_id):
        """Answers the seconds until the last engine has closed the room."""
        reply = self.rooms_stub.Destroy(self._room_pb2.RoomDestroyRequest(
            accessInfo=self.access(), roomId=room_id), timeout=10)
        assert reply.replyInfo.statusCode == 0, reply
        begin = time.monotonic()
        del self.places[room_id]
        while any(engine.occupants(room_id) is not None for engine in self.engines):
            assert time.monotonic() - begin < 30, f'{room_id} is still open'
            time.sleep(0.005)  # nobody says when: what is measured is how long it takes
        return time.monotonic() - begin

    def stop(self):
        for engine in self.engines:
            engine.stop()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    for name in ('--stubs', '--auth', '--room-service', '--company', '--client-id', '--code-file'):
        arguments.add_argument(name, required=True)
    for name, number in (('--engines', 2), ('--rooms', 100), ('--users', 20), ('--seconds', 0)):
        arguments.add_argument(name, type=int, default=number)
    arguments = arguments.parse_args()
    sys.path.insert(0, arguments.stubs)
    code = pathlib.Path(arguments.code_file).read_text(encoding='utf-8').strip()
    simulation = Simulation(
        arguments.auth, arguments.room_service.split(','),
        {'companyId': arguments.company, 'clientId': arguments.client_id, 'code': code})
    simulation.make_rooms(arguments.rooms, arguments.users)
    simulation.add_engines(arguments.engines)
    print(f'Status is right after {simulation.await_right(60):.2f} s', flush=True)
    if arguments.seconds:
        time.sleep(arguments.seconds)
    else:
        sys.stdin.read()
    slowest = max(simulation.destroy(room_id) for room_id in list(simulation.places))
    print(f'destroyed rooms were closed within {slowest:.3f} s')
    simulation.stop()


if __name__ == '__main__':
    main()
