"""A user without credentials gets permissions in a room, a signed access token and a join link."""
import uuid

from client import access, call, claims_of, ok


def run(client):
    from authentication.authenticationService_pb2 import SignAccessTokenRequest
    from roomService.roomService_pb2 import RoomPermissionsRequest
    from user.userService_pb2 import UserCreateRequest, UserListRequest

    session = client.sign_in_with_code()
    token = session.accessToken
    room_id = client.create_room(token, 'Lecture')

    email = f'zoe-{uuid.uuid4()}@example.com'  # the flow runs more than once in a company
    profile = {'firstname': 'Zoë', 'lastname': 'Ångström', 'title': 'Dr.'}
    user_id = ok(call(client.user.userCreate, UserCreateRequest(
        accessInfo=access(token),
        user={'email': email, 'userProfile': profile}))).userId
    users = ok(call(client.user.userList, UserListRequest(
        accessInfo=access(token), userIdList=[user_id]))).users
    assert users[user_id].email == email, users
    assert users[user_id].userProfile.lastname == 'Ångström', users

    client.update_room(token, room_id, permissions={user_id: ['join', 'voice']})
    rights = ok(call(client.room.Permissions, RoomPermissionsRequest(
        accessInfo=access(token), userId=user_id, roomId=room_id))).permissions
    assert rights.join and rights.voice and not rights.video and not rights.admin, rights

    signed = ok(call(client.auth.signAccessToken, SignAccessTokenRequest(
        accessInfo=access(token), accessToken={
            'userId': user_id, 'companyId': client.company_id, 'expiresAt': session.expiresAt})))
    assert signed.userId == user_id and signed.expiresAt == session.expiresAt, signed
    assert not signed.refreshToken, 'a signed token has no session of its own'
    assert claims_of(signed.accessToken).token.userId == user_id
    ok(call(client.auth.isAuthenticated, access(signed.accessToken)))

    client.join_link(signed.accessToken, room_id)
