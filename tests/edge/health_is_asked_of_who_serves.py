"""Health through the edge: of the service that is named, and of all of them together."""
import grpc

from edge import eventually

ALL = {'auth': 'authentication.AuthenticationService', 'user': 'user.UserService',
       'company': 'companyService.CompanyService', 'room': 'roomService.RoomService',
       'business-logic': 'businessLogicService.BusinessLogicService'}
SERVING = b'\x08\x01'


def run(edge, house):
    with grpc.secure_channel(f'localhost:{edge.port}',
                             grpc.ssl_channel_credentials(edge.public_ca())) as channel:
        def health(name):
            message = b'\x0a' + bytes([len(name)]) + name.encode() if name else b''
            try:
                return channel.unary_unary('/grpc.health.v1.Health/Check')(message, timeout=10)
            except grpc.RpcError as error:
                return error.code().name

        for name in ('', 'roomService.roomService', 'usher.token.v1.KeyService', *ALL.values()):
            eventually(lambda name=name: health(name) == SERVING, f'health of "{name}"')
        assert health('usher.internal.v1.AuthInternal') == 'UNIMPLEMENTED'
        assert health('nothing') == 'UNIMPLEMENTED'

        house.kill('company')
        edge.await_replica('company', up=False)
        assert health(ALL['company']) == 'UNAVAILABLE'
        assert health('') == 'UNAVAILABLE'
        for service in ('auth', 'user', 'room', 'business-logic'):
            assert health(ALL[service]) == SERVING, service
        house.start()
        edge.await_replica('company', up=True)
        assert health(ALL['company']) == SERVING
        assert health('') == SERVING
