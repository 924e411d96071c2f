"""The API client signs in with an authorization code, lists users, and rooms by both service names."""
import time

from client import access, call, ok


def run(client):
    from common.permissions_pb2 import BackendPermission
    from user.userService_pb2 import UserListRequest

    session = client.sign_in_with_code()
    token = session.accessToken
    assert session.userId and session.refreshToken, session
    assert time.time() < session.expiresAt <= time.time() + 3600 + 5, session.expiresAt
    for name in ('USER_LIST', 'USER_CREATE', 'ROOM_LIST', 'ROOM_CREATE'):
        assert session.permissions[BackendPermission.Value(name)], name

    everyone = ok(call(client.user.userList, UserListRequest(accessInfo=access(token))))
    ids_only = ok(call(client.user.userList, UserListRequest(
        accessInfo=access(token, returnObjectIdsOnly=True))))
    assert set(ids_only.userIdList) == set(everyone.users), (ids_only, everyone)
    assert not ids_only.users, ids_only

    room_id = client.create_room(token, 'Reception')
    client.update_room(token, room_id, metadata={'colour': 'green'})
    as_published = client.list_rooms(token)
    assert as_published[room_id].displayName == 'Reception', as_published
    # Published clients do not ask for metadata, and read them.
    assert as_published[room_id].metadata == {'colour': 'green'}, as_published[room_id]
    as_documented = client.list_rooms(token, stub=client.room_as_documented)
    assert dict(as_documented) == dict(as_published)
