"""A guest for one person: created, attached to a room, listed, detached, removed, and refused."""
import time

from client import access, call, claims_of, new_code, ok, outcome


def run(client):
    from authentication.authenticationService_pb2 import AuthenticationUpdateRequest
    from common.permissions_pb2 import BackendPermission

    token = client.sign_in_with_code().accessToken
    room_id = client.create_room(token, 'Interview')
    name, code = 'Gus Guest', new_code()
    next_week = int(time.time()) + 7 * 24 * 3600

    guest_id = client.create_guest(
        token, room_id, code, displayName=name, email='gus@example.com', expiry=next_week,
        permissions={BackendPermission.Value('USER_SHOW'): True})
    client.update_room(token, room_id, permissions={guest_id: ['join']},
                       metadata={guest_id: name})
    room = client.list_rooms(token, room_id)[room_id]
    assert room.permissions[guest_id].join and room.metadata[guest_id] == name, room

    method = client.guests_of_room(token, room_id)[guest_id]
    assert method.type == 'guest_access' and method.principal == guest_id, method
    assert method.metadata['displayName'] == name, method
    assert method.metadata['email'] == 'gus@example.com', method
    assert method.metadata['expiry'] == str(next_week), method
    assert method.permissions[BackendPermission.Value('USER_SHOW')], method

    guest = ok(client.try_to_sign_in_as_guest(guest_id, code))
    assert guest.userId == guest_id, guest
    said = claims_of(guest.accessToken).token
    assert said.isGuest and said.displayName == name and not said.basePermissionsId, said
    client.join_link(guest.accessToken, room_id)

    client.update_room(token, room_id, permissions={guest_id: ['remove']},
                       metadata={guest_id: ''})
    room = client.list_rooms(token, room_id)[room_id]
    assert guest_id not in room.permissions and guest_id not in room.metadata, room

    ok(call(client.auth.authenticationUpdate, AuthenticationUpdateRequest(
        accessInfo=access(token), userId=guest_id, removeAll=True)))
    assert guest_id not in client.guests_of_room(token, room_id)
    refused = client.try_to_sign_in_as_guest(guest_id, code)
    assert outcome(refused) == 'AUTHENTICATION_ERROR' and not refused.accessToken, refused
