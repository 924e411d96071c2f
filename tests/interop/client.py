"""A client of the published protocol, as its users write one: generated stubs, and little around them."""
import secrets
import subprocess
import sys

import grpc

from house import ROOT

# A client's requests all carry one and the same request ID (tests/conformance/wire.md).
REQUEST_ID = 'interop'
DEADLINE = 10  # seconds


def generate_stubs(folder):
    """Generates the Python of our published protocol files into a folder, and makes it importable."""
    files = sorted(str(file) for file in (ROOT / 'proto').rglob('*.proto'))
    subprocess.run(
        ['protoc', '-I', str(ROOT / 'proto'), f'--python_out={folder}', f'--grpc_python_out={folder}',
         '--plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin', *files], check=True)
    sys.path.insert(0, str(folder))


class Client:
    """Stubs of the five services of a house, over the plain ports or over TLS."""

    def __init__(self, house, tls=False):
        self._make_stubs(house, tls)
        self.operator = house.operator()
        self.company_id = self.operator['companyId']

    def _make_stubs(self, house, tls):
        from authentication import authenticationService_pb2_grpc as authentication
        from businessLogicService import businessLogicService_pb2_grpc as business_logic
        from companyService import companyService_pb2_grpc as company
        from roomService import roomService_pb2_grpc as room
        from user import userService_pb2_grpc as user

        def channel(service):
            if not tls:
                return grpc.insecure_channel(house.address('public', service))
            port = house.address('tls', service).split(':')[1]
            return grpc.secure_channel(f'localhost:{port}',
                                       grpc.ssl_channel_credentials(house.public_ca()))

        self._channels = {service: channel(service) for service in
                          ('auth', 'user', 'company', 'room', 'business-logic')}
        self.auth = authentication.AuthenticationServiceStub(self._channels['auth'])
        self.user = user.UserServiceStub(self._channels['user'])
        self.company = company.CompanyServiceStub(self._channels['company'])
        self.room = room.roomServiceStub(self._channels['room'])
        # The name of the documentation, beside the one of the published definitions.
        self.room_as_documented = room.RoomServiceStub(self._channels['room'])
        self.business_logic = business_logic.BusinessLogicServiceStub(
            self._channels['business-logic'])

    def close(self):
        for channel in self._channels.values():
            channel.close()

    def sign_in_with_code(self):
        """The API client signs in; answers the AuthenticationReply."""
        return self.authenticate(authorizationCodeCredentials={
            'clientId': self.operator['clientId'], 'code': self.operator['code'],
            'companyId': self.company_id})

    def sign_in_with_password(self):
        """The administrator signs in."""
        return self.authenticate(usernamePasswordCredentials={
            'username': self.operator['username'], 'password': self.operator['password'],
            'companyId': self.company_id})

    def try_to_authenticate(self, **credentials):
        from authentication.authenticationService_pb2 import AuthenticationRequest
        return call(self.auth.authenticate,
                    AuthenticationRequest(requestId=REQUEST_ID, **credentials))

    def authenticate(self, **credentials):
        return ok(self.try_to_authenticate(**credentials))

    def try_to_sign_in_as_guest(self, guest_id, code, **more):
        return self.try_to_authenticate(guestAccessCredentials={
            'userId': guest_id, 'code': code, 'companyId': self.company_id, **more})

    def create_room(self, token, display_name):
        """Answers the new room's ID."""
        from roomService.roomService_pb2 import RoomCreateRequest
        reply = ok(call(self.room.Create, RoomCreateRequest(
            accessInfo=access(token), room={'displayName': display_name})))
        assert reply.roomId and reply.room.displayName == display_name, reply
        return reply.roomId

    def update_room(self, token, room_id, permissions=None, metadata=None):
        """`permissions` by user ID: the names of what is true in the entry."""
        from common.permissions_pb2 import Permissions
        from roomService.roomService_pb2 import RoomUpdateRequest
        request = RoomUpdateRequest(accessInfo=access(token), roomId=room_id,
                                    room={'metadata': metadata or {}})
        for user_id, names in (permissions or {}).items():
            entry = Permissions(**{name: True for name in names})
            request.room.permissions[user_id].CopyFrom(entry)
        ok(call(self.room.Update, request))

    def list_rooms(self, token, *room_ids, stub=None):
        """Answers the map of rooms, as the service answers it."""
        from roomService.roomService_pb2 import RoomListRequest
        return ok(call((stub or self.room).List, RoomListRequest(
            accessInfo=access(token), limit=1000, filterRoomIds=room_ids))).rooms

    def join_link(self, token, room_id):
        """Asks for a join link and checks its form."""
        from roomService.roomService_pb2 import CreateJoinLinkRequest
        link = ok(call(self.room.CreateJoinLink, CreateJoinLinkRequest(
            accessInfo=access(token), roomId=room_id))).joinLink
        page, _, join_token = link.partition('#')
        assert page.endswith(f'/join/{self.company_id}/{room_id}'), link
        assert len(join_token) > 100, link
        return link

    def create_guest(self, token, room_id, code, permissions=None, **guest):
        """Makes guest access to a room; answers the guest's user ID."""
        from authentication.authenticationService_pb2 import AuthenticationCreateRequest
        reply = ok(call(self.auth.authenticationCreate, AuthenticationCreateRequest(
            accessInfo=access(token), authenticationRequest={
                'guestAccessCredentials': {'code': code, 'companyId': self.company_id,
                                           'roomId': room_id, **guest},
                'permissions': permissions or {}})))
        assert reply.userId, reply
        return reply.userId

    def guests_of_room(self, token, room_id):
        """The guest access methods of a room by user ID, picked from the list by their metadata."""
        from authentication.authenticationService_pb2 import ListAuthenticationsRequest
        reply = ok(call(self.auth.listAuthentications, ListAuthenticationsRequest(
            accessInfo=access(token), keyType=['guest_access'], limit=1000)))
        return {user_id: method for user_id, methods in reply.results.items()
                for method in methods.list if method.metadata['roomId'] == room_id}


def access(token, **more):
    from common.accessInfo_pb2 import AccessInfo
    return AccessInfo(requestId=REQUEST_ID, accessToken=token, **more)


def new_code():
    """A secret as clients make them for guests."""
    return secrets.token_urlsafe(32)


def call(method, request):
    return method(request, timeout=DEADLINE)


def reply_info(reply):
    """The ReplyInfo of a reply, which in some calls is the reply."""
    return reply.replyInfo if hasattr(reply, 'replyInfo') else reply


def outcome(reply):
    """The status code of a reply by its name."""
    from common.replyInfo_pb2 import ReplyStatusCode
    assert reply_info(reply).requestId == REQUEST_ID, reply
    return ReplyStatusCode.Name(reply_info(reply).statusCode)


def ok(reply):
    """The reply, which has to be a success."""
    assert outcome(reply) == 'OK', f'{outcome(reply)}: {reply_info(reply).statusMessage}'
    return reply


def claims_of(token):
    """What a token says (docs/token.md): version 1 byte, key ID 8, signature 64, then the claims."""
    from usher.token.v1.claims_pb2 import Claims
    assert token[0] == 1, token[:1]
    return Claims.FromString(token[73:])
