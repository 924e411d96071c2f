"""What the parts of tests/livekit/run do with usher, and the people who come."""
import time

import grpc

import client as client_module
from livekit import PATIENCE, Visitor, fields_of

ANYTHING = 'rights .*true'  # what somebody may do who was let in


class Stage:
    """Everything that takes part, and what is done with it."""

    def __init__(self, house, livekit, adapter, visitor):
        self.house = house
        self.livekit = livekit
        self.adapter = adapter
        self._visitor = visitor
        self.client = client_module.Client(house)
        self.token = self.client.sign_in_with_code().accessToken

    def visit(self, link_or_token, *flags):
        token = link_or_token
        if '#' in link_or_token:
            url, token = fields_of(link_or_token)
            assert url == f'ws://{self.livekit.address}', url
        return Visitor(self._visitor, f'ws://{self.livekit.address}', token, *flags)

    def make_room(self, name, **room):
        from roomService.roomService_pb2 import RoomCreateRequest
        return client_module.ok(client_module.call(self.client.room.Create, RoomCreateRequest(
            accessInfo=client_module.access(self.token), room={'displayName': name, **room}))).roomId

    def destroy(self, room):
        from roomService.roomService_pb2 import RoomDestroyRequest
        client_module.ok(client_module.call(self.client.room.Destroy, RoomDestroyRequest(
            accessInfo=client_module.access(self.token), roomId=room)))
        return time.monotonic()

    def allow(self, room, user, *rights):
        self.client.update_room(self.token, room, permissions={user: rights})
        return time.monotonic()

    def make_guest(self, room, *rights):
        """Somebody with a link to the room: the user's ID, and how they get further links."""
        code = client_module.new_code()
        guest = self.client.create_guest(self.token, room, code)
        self.allow(room, guest, *rights)
        token = client_module.ok(self.client.try_to_sign_in_as_guest(guest, code)).accessToken
        return guest, lambda: self.client.join_link(token, room)

    def online(self, room):
        from roomService.roomService_pb2 import RoomStatusRequest
        reply = client_module.ok(client_module.call(self.client.room.Status, RoomStatusRequest(
            accessInfo=client_module.access(self.token), roomIds=[room])))
        return {user for user, info in reply.rooms[room].users.items() if info.online} if room in reply.rooms else set()

    def await_online(self, room, users, patience=PATIENCE):
        """Answers the seconds that it took."""
        begin = time.monotonic()
        while True:
            try:
                found = self.online(room)
            except grpc.RpcError as error:  # a server that was started anew
                found = error
            if found == set(users):
                return time.monotonic() - begin
            assert time.monotonic() - begin < patience, f'{found} is online, not {users}'
            time.sleep(0.02)  # nobody says when

    def let_in(self, link, *flags):
        visitor = self.visit(link, *flags)
        visitor.wait_for(ANYTHING)
        return visitor

    def stays_out(self, token, *flags):
        """Comes, and is put out again without having been allowed anything. Answers the seconds until then."""
        with self.visit(token, *flags) as visitor:
            seconds = visitor.wait_for('^(gone|refused)') - visitor.begin
            assert not visitor.has(ANYTHING), visitor.text()
            return seconds
