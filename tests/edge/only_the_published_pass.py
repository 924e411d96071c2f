"""What the edge lets through is what services.map names, and that is what the protocol publishes."""
import pathlib

import grpc

from house import ROOT, SERVICES

OURS_AND_INTERNAL = 'usher.internal.'
# What a server has besides, on its public port or elsewhere, and nobody outside shall reach.
CLOSED = ('/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
          '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
          '/grpc.health.v1.Health/List', '/metrics', '/', '//authentication.AuthenticationService/x',
          '/usher.internal.v1.AuthInternal/readFeed/authentication.AuthenticationService/x')


def _services():
    """Full name -> methods, of all protocol files; and the paths of those that are streams."""
    from google.protobuf import descriptor_pool
    found, streams = {}, {'/grpc.health.v1.Health/Watch'}
    for file in sorted((ROOT / 'proto').rglob('*.proto')):
        name = str(file.relative_to(ROOT / 'proto'))
        __import__(name.replace('/', '.').replace('.proto', '_pb2'))
        services = descriptor_pool.Default().FindFileByName(name).services_by_name.values()
        for service in services:
            found[service.full_name] = [method.name for method in service.methods]
            streams.update(f'/{service.full_name}/{method.name}' for method in service.methods
                           if method.server_streaming)
    return found, streams


def _rows(name):
    rows = (ROOT / 'deploy/edge' / name).read_text().splitlines()
    return [row for row in rows if row and not row.startswith('#')]


def _status(channel, path):
    try:
        for _ in channel.unary_stream(path)(b'', timeout=10):
            pass
        return 'answered'
    except grpc.RpcError as error:
        return f'{error.code().name}: {error.details()}'


def run(edge):
    services, streams = _services()
    mapped = dict(row.split() for row in _rows('services.map'))
    assert set(_rows('streams.list')) == streams, set(_rows('streams.list')) ^ streams
    published = {name for name in services if not name.startswith(OURS_AND_INTERNAL)}
    assert set(mapped) == published, (set(mapped) ^ published)
    assert set(mapped.values()) == set(SERVICES), mapped
    assert pathlib.Path(ROOT / 'deploy/edge/haproxy.cfg').read_text().count('nbsrv(') == len(SERVICES)

    refused = 'UNIMPLEMENTED: no such method here'  # by the edge, not by a server
    with grpc.secure_channel(f'localhost:{edge.port}',
                             grpc.ssl_channel_credentials(edge.public_ca())) as channel:
        for service, methods in services.items():
            for method in methods:
                status = _status(channel, f'/{service}/{method}')
                passes = service in published
                assert (status != refused) == passes, (service, method, status)
        for path in CLOSED:
            assert _status(channel, path) == refused, (path, _status(channel, path))
