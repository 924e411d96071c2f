"""JSON beside gRPC on the edge's one port: what passes, what the edge answers by itself, and for whom a call counts."""
import http.client
import json
import ssl
import subprocess

from edge import LIMITS, eventually
from house import ROOT

PATH, BODY = '/companyService/available', '{"displayName": "A company"}'
SIGN_IN = '/authenticationService/authenticate'
CLIENT, CLAIMED, FAST, LARGE, GUESSING = '127.0.0.112', '203.0.113.10', '127.0.0.113', '127.0.0.114', '127.0.0.115'
SENT_ON = 'haproxy_server_sessions_total{proxy="company'  # by either door
TRACE = '00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
CLOSED = ('/', '/metrics', '/json/v1', '/json/v1/', '/json/v1/metrics', '/json/v2' + PATH, '/json/v1/json/v1' + PATH, '/' + PATH,
          '/usher.internal.v1.AuthInternal/readFeed', '/json/v1/usher.internal.v1.AuthInternal/readFeed',
          '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo', '/companyservice/available', PATH.replace('/', '//'))


def _connection(edge, house, source='127.0.0.1'):
    context = ssl.create_default_context(cadata=house.public_ca().decode())
    context.set_alpn_protocols(['http/1.1'])
    return http.client.HTTPSConnection('localhost', edge.port, timeout=20, context=context,
                                       source_address=(source, 0))


def _post(connection, path, body=BODY, headers=None):
    connection.request('POST', path, body, {'Content-Type': 'application/json', **(headers or {})})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def _is_error(answer, status, code):
    assert answer[0] == status and answer[1]['code'] == code and answer[1]['error'] == answer[1]['message'], answer


def _prefixes_are_mapped():
    from google.api import annotations_pb2
    from google.protobuf import descriptor_pool
    wanted = set()
    for file in sorted((ROOT / 'proto').rglob('*.proto')):
        name = str(file.relative_to(ROOT / 'proto'))
        __import__(name.replace('/', '.').replace('.proto', '_pb2'))
        for service in descriptor_pool.Default().FindFileByName(name).services_by_name.values():
            for method in service.methods:
                if method.GetOptions().HasExtension(annotations_pb2.http):
                    wanted.add(method.GetOptions().Extensions[annotations_pb2.http].post.split('/')[1])
    rows = (ROOT / 'deploy/edge/prefixes.map').read_text().splitlines()
    mapped = dict(row.split() for row in rows if row and not row.startswith('#'))
    assert set(mapped) == wanted, set(mapped) ^ wanted


def _nothing_else_passes(edge, house):
    connection = _connection(edge, house)
    for path in CLOSED:
        _is_error(_post(connection, path), 404, 5)
    assert _post(connection, PATH)[1]['companyId'] == 'a-company'
    assert _post(connection, '/json/v1' + PATH)[1]['companyId'] == 'a-company'
    # What has such a path is the door's to judge, which says so in its own words.
    _is_error(_post(connection, PATH + '/x'), 404, 5)
    _is_error(_post(connection, PATH, '{'), 400, 3)
    connection.request('GET', PATH)
    answer = connection.getresponse()
    assert answer.status == 405, answer.status
    answer.read()


def _curl(edge, house, *words):
    done = subprocess.run(
        ['curl', '--silent', '--show-error', '--cacert', house.data / 'certificates/public_ca.pem', '--noproxy', '*',
         '--data', BODY, '--header', 'content-type: application/json', '--write-out', ' %{http_version} %{http_code}',
         *words, f'https://localhost:{edge.port}{PATH}'],
        stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def _both_versions_of_http(edge, house):
    for flag, version in (('--http1.1', '1.1'), ('--http2', '2')):
        answer = _curl(edge, house, flag)
        assert '"a-company"' in answer and answer.endswith(f' {version} 200'), answer


def _counts_for_the_client(edge, house):
    connection = _connection(edge, house, CLIENT)
    headers = {'x-forwarded-for': CLAIMED, 'forwarded': f'for={CLAIMED}', 'x-real-ip': CLAIMED, 'traceparent': TRACE}
    assert _post(connection, PATH, headers=headers)[0] == 200

    def logged():
        lines = (house.data / 'log' / 'company.log').read_text(errors='replace').splitlines()
        calls = [json.loads(line) for line in lines if '"message":"call"' in line]
        assert not any(CLAIMED in json.dumps(call) for call in calls), calls
        return [call for call in calls if call.get('peer') == CLIENT]
    eventually(logged, f'a call of {CLIENT} in the log')
    assert logged()[-1]['traceparent'] == TRACE, logged()


def _is_bounded(edge, house):
    large = _connection(edge, house, LARGE)
    assert _post(large, PATH, headers={f'x-{i}': 'y' * 120 for i in range(50)})[0] == 200
    _is_error(_post(large, PATH, headers={f'x-{i}': 'y' * 200 for i in range(50)}), 431, 8)

    guessing = _connection(edge, house, GUESSING)
    most = int(LIMITS['USHER_EDGE_SOURCE_SIGN_INS'])
    answers = [_post(guessing, prefix + SIGN_IN, '{}') for _ in range(most // 2 + 20) for prefix in ('', '/json/v1')]
    refused = [answer for answer in answers if answer[0] != 200]
    assert most - 40 <= len(answers) - len(refused) < most + 40 and len(refused) >= 20, (len(answers), len(refused))
    for answer in refused:
        _is_error(answer, 429, 8)
    assert _post(guessing, PATH)[0] == 200, 'nothing but sign-ins is refused'

    fast = _connection(edge, house, FAST)
    most = int(LIMITS['USHER_EDGE_SOURCE_REQUESTS'])
    answers = [_post(fast, PATH) for _ in range(most + 100)]
    # What is counted is a sliding rate.
    if answers[-1][0] != 200:
        _is_error(answers[-1], 429, 8)
    assert _post(_connection(edge, house), PATH)[0] == 200


def _a_body_that_does_not_come_reaches_nobody(edge, house):
    sent_on = edge.metric(SENT_ON)
    by_json, by_grpc = _connection(edge, house), _connection(edge, house)
    by_json.request('POST', PATH, headers={'Content-Type': 'application/json', 'Content-Length': '100'})
    by_grpc.request('POST', '/companyService.CompanyService/companyAvailable',
                    headers={'Content-Type': 'application/grpc', 'Content-Length': '100'})
    answer = by_json.getresponse()
    _is_error((answer.status, json.loads(answer.read())), 408, 4)
    answer = by_grpc.getresponse()
    assert (answer.status, answer.headers['grpc-status']) == (408, '4'), (answer.status, answer.headers)
    assert edge.metric(SENT_ON) == sent_on


def _a_service_that_is_away(edge, house):
    house.kill('company')
    edge.await_replica('company', up=False)
    connection = _connection(edge, house)
    _is_error(_post(connection, PATH), 503, 14)
    assert _post(connection, '/authenticationService/isAuthenticated', '{}')[0] == 200
    house.start()
    edge.await_replica('company', up=True)
    eventually(lambda: _post(_connection(edge, house), PATH)[0] == 200, 'the company service is back')


def run(edge, house):
    _prefixes_are_mapped()
    _nothing_else_passes(edge, house)
    _both_versions_of_http(edge, house)
    _counts_for_the_client(edge, house)
    _is_bounded(edge, house)
    _a_body_that_does_not_come_reaches_nobody(edge, house)
    _a_service_that_is_away(edge, house)
