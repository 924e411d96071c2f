"""SIGKILL to each server in the middle of writes: all that was acknowledged is there afterwards."""
import threading
import time

import grpc

from client import Client, access, call, new_code, ok
from house import SERVICES

SECONDS_BEFORE = 1.0  # of writing
SECONDS_AFTER = 0.3


class Writer:
    """Writes to all services, one call after the other, and remembers what was acknowledged."""

    def __init__(self, house, round_name):
        self.client = Client(house)
        self._round = round_name
        self._session = self.client.sign_in_with_password()
        self._token = self.client.sign_in_with_code().accessToken
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.users = {}  # user ID -> e-mail address
        self.rooms = {}  # room ID -> metadata value
        self.guests = {}  # room ID -> guest ID
        self.favorites = []
        self.company_note = None
        self.refused = 0

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def _write(self):
        number = 0
        steps = (self._create_user, self._create_room, self._create_guest, self._add_favorite,
                 self._update_company, self._refresh)
        while not self._stop.is_set():
            number += 1
            for step in steps:
                try:
                    step(f'{self._round}-{number}')
                except (grpc.RpcError, AssertionError):  # not acknowledged: nothing is promised
                    self.refused += 1
                    time.sleep(0.02)

    def _create_user(self, name):
        from user.userService_pb2 import UserCreateRequest
        email = f'{name}@example.com'
        reply = ok(call(self.client.user.userCreate, UserCreateRequest(
            accessInfo=access(self._token), user={'email': email}, authenticationRequest={
                'usernamePasswordCredentials': {'username': email, 'password': new_code()}})))
        self.users[reply.userId] = email

    def _create_room(self, name):
        room_id = self.client.create_room(self._token, name)
        self.client.update_room(self._token, room_id, metadata={'name': name})
        self.rooms[room_id] = name

    def _create_guest(self, _):
        room_id = next(reversed(self.rooms))
        guest_id = self.client.create_guest(self._token, room_id, new_code())
        self.guests[room_id] = guest_id

    def _add_favorite(self, _):
        from businessLogicService.businessLogicService_pb2 import FavoritesUpdateRequest
        room_id = next(reversed(self.rooms))
        if room_id in self.favorites:
            return
        ok(call(self.client.business_logic.favoritesUpdate, FavoritesUpdateRequest(
            accessInfo=access(self._token), roomIds={room_id: True})))
        self.favorites.append(room_id)

    def _update_company(self, name):
        from companyService.companyService_pb2 import CompanyUpdateRequest
        ok(call(self.client.company.companyUpdate, CompanyUpdateRequest(
            accessInfo=access(self._token), companyId=self.client.company_id,
            company={'metadata': {'note': name}})))
        self.company_note = name

    def _refresh(self, _):
        self._session = self.refresh(self.client)

    def refresh(self, client):
        """Continues the session with the last refresh token that was acknowledged."""
        return client.authenticate(refreshTokenCredentials={
            'principal': client.operator['username'], 'companyId': client.company_id,
            'refreshToken': self._session.refreshToken, 'accessToken': self._session.accessToken})


def _check(client, writer):
    from authentication.authenticationService_pb2 import ListAuthenticationsRequest
    from businessLogicService.businessLogicService_pb2 import FavoritesListRequest
    from companyService.companyService_pb2 import CompanyListRequest
    from user.userService_pb2 import UserListRequest

    token = writer.refresh(client).accessToken
    users = ok(call(client.user.userList, UserListRequest(
        accessInfo=access(token), userIdList=list(writer.users)))).users
    assert {user_id: user.email for user_id, user in users.items()} == writer.users
    methods = ok(call(client.auth.listAuthentications, ListAuthenticationsRequest(
        accessInfo=access(token), userIdList=list(writer.users), limit=1000))).results
    assert {user_id: method.principal for user_id, found in methods.items()
            for method in found.list} == writer.users

    rooms = client.list_rooms(token, *writer.rooms)
    assert {room_id: room.metadata['name'] for room_id, room in rooms.items()} == writer.rooms
    for room_id, guest_id in writer.guests.items():
        assert guest_id in client.guests_of_room(token, room_id), (room_id, guest_id)

    favorites = ok(call(client.business_logic.favoritesList, FavoritesListRequest(
        accessInfo=access(client.sign_in_with_code().accessToken)))).roomIds
    assert [room_id for room_id in favorites if room_id in writer.favorites] == writer.favorites

    company = ok(call(client.company.companyList, CompanyListRequest(
        accessInfo=access(token, includeMetadata=True),
        companyIdList=[client.company_id]))).companies[client.company_id]
    assert _number(company.metadata['note']) >= _number(writer.company_note), company


def _number(note):
    return int(note.rsplit('-', 1)[1])


def run(house):
    for service in SERVICES:
        with Writer(house, f'kill-{service}') as writer:
            time.sleep(SECONDS_BEFORE)
            house.kill(service)
            time.sleep(SECONDS_AFTER)
            house.start()
        assert writer.users and writer.rooms and writer.guests and writer.favorites, service
        assert writer.company_note, service
        assert writer.refused > 0, f'nothing was under way when {service} was killed'
        client = Client(house)
        _check(client, writer)
        client.close()
        writer.client.close()
