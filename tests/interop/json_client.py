"""The client of client.py, whose calls go by JSON over HTTP/1.1, in the bytes that published PHP clients send."""
import http.client
import json
import ssl
import threading
import time
import urllib.parse

import grpc
from google.protobuf import json_format

from client import Client

PACKAGES = {'auth': ('authentication', 'AuthenticationService'), 'user': ('user', 'UserService'),
            'company': ('companyService', 'CompanyService'), 'room': ('roomService', 'roomService'),
            'business-logic': ('businessLogicService', 'BusinessLogicService')}
CODES = {code.value[0]: code for code in grpc.StatusCode}
STATUSES = {400: 3, 404: 5, 405: 12, 413: 8, 429: 8, 431: 8, 501: 12, 503: 14, 504: 4}


class JsonError(grpc.RpcError):
    """What is not a decided answer, in the terms of gRPC."""

    def __init__(self, code, details):
        super().__init__(f'{code}: {details}')
        self._code, self._details = code, details

    def code(self):
        return self._code

    def details(self):
        return self._details


def bytes_of(request):
    """A message as PHP's json_encode writes it: no field that is not set, `/` and all beyond ASCII escaped."""
    fields = json_format.MessageToDict(request, preserving_proto_field_name=True)
    return json.dumps(fields, separators=(',', ':')).replace('/', '\\/').encode()


LONGEST_REST = 5  # seconds


class Door:
    """JSON calls of one address; each thread has a connection of its own, which is kept."""

    def __init__(self, base, ca=None):
        self._url = urllib.parse.urlsplit(base)
        self._ca = ca
        self._kept = threading.local()

    def close(self):
        if getattr(self._kept, 'connection', None):
            self._kept.connection.close()

    def _connection(self, timeout):
        connection = getattr(self._kept, 'connection', None)
        # Whoever is at the other end may close what has had no call for long, at any time.
        if connection is not None and time.monotonic() - self._kept.used_at > LONGEST_REST:
            connection.close()
        self._kept.used_at = time.monotonic()
        if connection is None:
            if self._url.scheme == 'https':
                context = ssl.create_default_context(cadata=self._ca.decode())
                connection = http.client.HTTPSConnection(self._url.netloc, context=context)
            else:
                connection = http.client.HTTPConnection(self._url.netloc)
            self._kept.connection = connection
        connection.timeout = timeout
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        return connection

    def post(self, path, body, headers=None, timeout=10):
        """Status, headers and body of the answer."""
        connection = self._connection(timeout)
        try:
            connection.request('POST', self._url.path + path, body,
                               {'Content-Type': 'application/json', **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            # Whether it was sent is not known.
            raise JsonError(grpc.StatusCode.DEADLINE_EXCEEDED, repr(error)) from error


class Stub:
    """The rpcs of one service, called as those of a generated stub are."""

    def __init__(self, door, service):
        self._door, self._service = door, service

    def __getattr__(self, name):
        from google.api import annotations_pb2
        method = self._service.methods_by_name[name]
        path = method.GetOptions().Extensions[annotations_pb2.http].post

        def call(request, timeout=10, metadata=()):
            headers = {**dict(metadata), 'grpc-timeout': f'{int(timeout * 1000)}m'}
            status, _, body = self._door.post(path, bytes_of(request), headers, timeout + 2)
            return reply_of(method, status, body)
        setattr(self, name, call)
        return call


def reply_of(method, status, body):
    """The message that a call answered; raises JsonError where it was not decided."""
    if status != 200:
        try:
            code, text = json.loads(body)['code'], json.loads(body)['message']
        except (ValueError, KeyError, TypeError):
            code, text = STATUSES.get(status, 13), body.decode(errors='replace')
        raise JsonError(CODES[code], f'{status}: {text}')
    # Fields that the protocol does not have are an error here.
    return json_format.Parse(body, method.output_type._concrete_class())  # pylint: disable=protected-access


class JsonClient(Client):
    """`base_of(service)` is where the service's paths begin: https://localhost:443/json/v1, for example."""

    def __init__(self, house, base_of, ca=None):
        self._base_of, self._ca = base_of, ca
        super().__init__(house)

    def _make_stubs(self, house, tls):
        from google.protobuf import descriptor_pool
        import authentication.authenticationService_pb2
        import businessLogicService.businessLogicService_pb2
        import companyService.companyService_pb2
        import roomService.roomService_pb2
        import user.userService_pb2
        pool = descriptor_pool.Default()
        self.doors = {service: Door(self._base_of(service), self._ca) for service in PACKAGES}
        stubs = {service: Stub(self.doors[service], pool.FindServiceByName('.'.join(names)))
                 for service, names in PACKAGES.items()}
        self.auth, self.user, self.company = stubs['auth'], stubs['user'], stubs['company']
        self.room = self.room_as_documented = stubs['room']  # there is one path for both names
        self.business_logic = stubs['business-logic']

    def close(self):
        for door in self.doors.values():
            door.close()
