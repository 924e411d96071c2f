"""One guest access for many, without an end: two people, two user IDs, the same permissions."""
from client import claims_of, new_code, ok


def run(client):
    token = client.sign_in_with_code().accessToken
    room_id = client.create_room(token, 'Open evening')
    code = new_code()
    access_id = client.create_guest(token, room_id, code, expiry=-1, shareable=True)
    client.update_room(token, room_id, permissions={access_id: ['join', 'chat']})

    user_ids = set()
    for name in ('Ann', 'Ben'):
        guest = ok(client.try_to_sign_in_as_guest(access_id, code, displayName=name))
        said = claims_of(guest.accessToken).token
        assert said.isGuest and said.displayName == name, said
        assert said.basePermissionsId == access_id, said
        assert said.userId == guest.userId, said
        client.join_link(guest.accessToken, room_id)
        user_ids.add(guest.userId)
    assert len(user_ids) == 2 and access_id not in user_ids, user_ids
