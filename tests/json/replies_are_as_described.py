"""docs/openapi.json describes what comes: paths that answer, and of each reply no field that it does not name."""
import base64
import json

from house import ROOT, SERVICES
from json_client import Door

OWNERS = {'authenticationService': 'auth', 'userService': 'user', 'companyService': 'company', 'roomService': 'room',
          'businessLogicService': 'business-logic'}


class Described:
    """The document, and whether a value is as a schema of it says."""

    def __init__(self):
        self.document = json.loads((ROOT / 'docs/openapi.json').read_text())

    def _resolve(self, schema):
        if '$ref' not in schema:
            return schema
        found = self.document
        for step in schema['$ref'].removeprefix('#/').split('/'):
            found = found[step]
        return found

    def fits(self, value, schema, where):
        schema = self._resolve(schema)
        kinds = schema['type'] if isinstance(schema['type'], list) else [schema['type']]
        kind = {dict: 'object', list: 'array', str: 'string', bool: 'boolean', int: 'integer', float: 'number'}[type(value)]
        assert kind in kinds, f'{where}: {value!r} is no {schema["type"]}'
        if kind == 'array':
            for i, item in enumerate(value):
                self.fits(item, schema['items'], f'{where}[{i}]')
        if kind == 'object':
            named = schema.get('properties', {})
            for name, inner in named.items():
                inner = self._resolve(inner)
                is_collection = inner['type'] == 'array' or 'additionalProperties' in inner
                assert not is_collection or name in value, f'{where}.{name} is not printed'
            for name, item in value.items():
                inner = named.get(name, schema.get('additionalProperties'))
                assert inner is not None, f'{where}.{name} is not described'
                self.fits(item, inner, f'{where}.{name}')
        if 'enum' in schema:
            assert value in schema['enum'], f'{where}: {value}'
            assert value != schema['enum'][0], f'{where}: a default value is printed'
        if schema.get('contentEncoding') == 'base64':
            base64.b64decode(value, validate=True)


def run(house):
    described = Described()
    operator = house.operator()
    bodies = {
        '/authenticationService/authenticate': {'authorizationCodeCredentials': {
            'clientId': operator['clientId'], 'code': operator['code'], 'companyId': operator['companyId']}},
        '/companyService/available': {'displayName': 'A new company'}}
    doors = {service: Door(f'http://{house.address("json", service)}') for service in SERVICES}
    reply = doors['auth'].post('/authenticationService/authenticate',
                               json.dumps(bodies['/authenticationService/authenticate']))
    token = json.loads(reply[2])['accessToken']
    for path, item in described.document['paths'].items():
        door = doors[OWNERS[path.split('/')[1]]]
        schema = item['post']['responses']['200']['content']['application/json']['schema']
        body = {'accessInfo': {'accessToken': token, 'requestId': 'described', 'includeMetadata': True}, **bodies.get(path, {})}
        if 'Request' not in item['post']['requestBody']['content']['application/json']['schema']['$ref']:
            body = body['accessInfo']  # a message of its own
        for base in ('', '/json/v1'):
            status, headers, answer = door.post(base + path, json.dumps(body))
            assert status == 200, (path, status, answer)
            assert headers['content-type'].startswith('application/json'), (path, headers)
            reply = json.loads(answer)
            described.fits(reply, schema, path)
            info = reply.get('replyInfo', reply)
            assert info['requestId'] == headers['x-request-id'], (path, info, headers['x-request-id'])
