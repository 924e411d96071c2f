"""Ten thousand requests that are none: each is refused as the client's fault, and the server goes on."""
import base64
import json
import random

from house import SERVICES
from raw_http import Connection, request

REQUESTS = 10000
SEED = 20261126
PATHS = {'auth': ('/authenticationService/authenticate', '/json/v1/authenticationService/listAuthentications'),
         'user': ('/userService/create', '/json/v1/userService/list'),
         'company': ('/companyService/create', '/companyService/available'),
         'room': ('/roomService/update', '/roomService/list'),
         'business-logic': ('/businessLogicService/favorites/update',)}
# A body that is right in form, of each path; what is done to it makes it wrong.
BODIES = {
    '/authenticationService/authenticate': {'usernamePasswordCredentials': {'username': 'a', 'password': 'b', 'companyId': 'c'},
                                            'permissions': {'2': True}, 'accountStatus': 'LOCKED'},
    '/userService/create': {'user': {'email': 'a@example.com', 'metadata': {'a': 'b'}}},
    '/companyService/available': {'displayName': 'A company'},
    '/roomService/update': {'roomId': 'x', 'room': {'permissions': {'u': {'join': True}}, 'subRooms': {}}},
    '/businessLogicService/favorites/update': {'roomIds': {'x': True}},
}
# Their requests have no access info: what stands there is ignored, as all that is not known.
WITHOUT_ACCESS = ('/authenticationService/authenticate', '/companyService/available')
ACCESS = '{"accessInfo":%s}'
NO_JSON = [b'', b'{', b'}', b'{}}', b'{} {}', b'[', b'nul', b'{"a"}', b'{"a":}', b'{"a":1,}', b'{,}', b"{'a':1}", b'{a:1}',
           b'{"a":01}', b'{"a":+1}', b'{"a":1.}', b'{"a":.5}', b'{"a":1e}', b'{"a":0x10}', b'{"a":NaN}', b'{"a":Infinity}',
           b'{"a":"\x01"}', b'{"a":"\n"}', b'{"a":"\\x41"}', b'{"a":"\\u12"}', b'{"a":"\\ud800"}', b'{"a":"\\udc00\\ud800"}',
           b'{"a":"\xff"}', b'{"a":"\xc0\xaf"}', b'{"a":"\xed\xa0\x80"}', b'{"a":"', b'{"a":"\\', b'/* */{}', b'{}\0', b'\0',
           b'\xef\xbb\xbf\xef\xbb\xbf{}', b'\xff\xfe{\0}\0', b'[' * 5000, b'{"a":' * 5000, b'[' * 100000, b'{"a":[' * 20000]
WRONG_TYPES = [b'[]', b'1', b'true', b'"text"', b'[{}]',
               *(ACCESS.encode() % value for value in (
                   b'1', b'"text"', b'true', b'[1]', b'[{}]', b'{"requestId":1}', b'{"requestId":[]}', b'{"requestId":{}}',
                   b'{"requestId":true}', b'{"accessToken":"*"}', b'{"accessToken":"a"}', b'{"accessToken":1}',
                   b'{"accessToken":{}}', b'{"accessToken":["AA=="]}', b'{"includeMetadata":"yes"}', b'{"includeMetadata":1}',
                   b'{"includeMetadata":{}}', b'{"includeMetadata":[true]}'))]


class Maker:
    """Makes requests that are wrong; each of its methods answers (bytes, statuses it may get), and True where the request is
    not whole, so that only the end of the connection tells that no more comes."""

    def __init__(self, seed):
        self._random = random.Random(seed)

    def make(self, path):
        return self._random.choice((
            self._no_json, self._wrong_type, self._cut, self._mutated, self._noise, self._no_path,
            self._no_method, self._no_length, self._large, self._headers, self._coding))(path)

    def _no_json(self, path):
        return request(path, self._random.choice(NO_JSON)), (400, 413)

    def _wrong_type(self, path):
        known = WRONG_TYPES[:5] if path in WITHOUT_ACCESS else WRONG_TYPES
        return request(path, self._random.choice(known)), (400,)

    def _body(self, path):
        fields = {'accessInfo': {'requestId': 'malformed', 'accessToken': base64.b64encode(self._random.randbytes(90)).decode()},
                  **BODIES.get(path, {})}
        return json.dumps(fields).encode()

    def _cut(self, path):
        body = self._body(path)
        return request(path, body[:self._random.randrange(1, len(body))]), (400,)

    def _mutated(self, path):
        """May be right by accident."""
        body = bytearray(self._body(path))
        for _ in range(self._random.randrange(1, 6)):
            body[self._random.randrange(len(body))] = self._random.randrange(256)
        return request(path, bytes(body)), (200, 400)

    def _noise(self, path):
        return request(path, self._random.randbytes(self._random.randrange(1, 2000))), (400,)

    def _no_path(self, path):
        wrong = self._random.choice((path + '/', path + 'x', path[:-1], '/', '//' + path, '/json/v2' + path, '/json/v1/json/v1/x',
                                     path.upper(), path.replace('/', '%2f'), path + '/../x', '/' + 'a' * 3000, '/%00', '/%zz',
                                     '/metrics', '/usher.internal.v1.AuthInternal/readFeed', '*'))
        return request(wrong), (400, 404, 414)

    def _no_method(self, path):
        method = self._random.choice(('GET', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'TRACE', 'CONNECT', 'post', 'XYZZY', 'A' * 40))
        return request(path, b'', method=method, length=False), (400, 404, 405, 501)

    def _no_length(self, path):
        return request(path, b'', 'Connection: close', length=False), (400, 411)

    def _large(self, path):
        size = self._random.choice((5 << 20, 1 << 40, (1 << 63) - 1))
        return request(path, b'', f'Content-Length: {size}', length=False), (400, 413), True

    def _headers(self, path):
        lines = self._random.choice((['X-Long: ' + 'x' * 20000], [f'X-{i}: y' for i in range(2000)], ['X Y: z'], ['X\x7f: z'],
                                     ['(): z'], ['Content-Type: text/plain'], ['grpc-timeout: soon'],
                                     ['idempotency-key: ' + 'k' * 500], ['Expect: a miracle'], ['Upgrade: h2c', 'Connection: Upgrade']))
        return request(path, self._random.choice(NO_JSON[:20]), *lines), (400, 404, 413, 415, 417, 431)

    def _coding(self, path):
        body = self._random.choice((b'zz\r\n{}\r\n0\r\n\r\n', b'2\r\n{}', b'2;' + b'x' * 90000 + b'\r\n{}\r\n0\r\n\r\n', b'-1\r\n\r\n',
                                    b'ffffffffffffffff\r\n{}\r\n', b'3\r\n{}\r\n0\r\n\r\n'))
        return request(path, body, 'Transfer-Encoding: chunked', 'Connection: close', length=False), (400, 413, 431), True


def _send(address, data, expected, cut=False):
    with Connection(address) as connection:
        connection.send(data)
        if cut:
            connection.end()
        answer = connection.answer(to_head=data.startswith(b'HEAD'))
        # What is no HTTP may be met by silence; whoever gets an answer gets one that blames the client.
        assert answer is None or answer[0] in expected, (answer, expected, data[:300])
        if answer is not None and answer[0] not in (200, 405) and not data.startswith(b'HEAD'):
            error = json.loads(answer[2])
            assert error['error'] == error['message'] and 0 < error['code'] < 17, answer
        return answer is not None


def run(house):
    pids = {service: (house.data / 'run' / f'{service}.pid').read_text() for service in SERVICES}
    maker, answered = Maker(SEED), 0
    for i in range(REQUESTS):
        service = SERVICES[i % len(SERVICES)]
        path = PATHS[service][i // len(SERVICES) % len(PATHS[service])]
        answered += _send(house.address('json', service), *maker.make(path))
    assert answered > REQUESTS * 0.8, f'only {answered} of {REQUESTS} were answered'
    for service, pid in pids.items():
        assert (house.data / 'run' / f'{service}.pid').read_text() == pid
        with Connection(house.address('json', service)) as connection:
            connection.send(request(PATHS[service][0]))
            assert connection.answer()[0] == 200, f'{service} does not serve any more'
    print(f'        {REQUESTS} requests, {answered} of them answered', flush=True)
