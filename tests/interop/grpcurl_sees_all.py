"""What a person with grpcurl sees: reflection, both room services, health."""
import json
import subprocess

from house import ROOT, SERVICES

SERVES = {
    'auth': {'authentication.AuthenticationService'},
    'user': {'user.UserService'},
    'company': {'companyService.CompanyService'},
    'room': {'roomService.roomService', 'roomService.RoomService'},
    'business-logic': {'businessLogicService.BusinessLogicService'},
}
EVERYWHERE = {'grpc.health.v1.Health', 'grpc.reflection.v1alpha.ServerReflection'}


def run(house):
    grpcurl = subprocess.run([ROOT / 'tests/grpcurl'], stdout=subprocess.PIPE, text=True,
                             check=True).stdout.strip()

    def ask(*arguments):
        return subprocess.run([grpcurl, *arguments], stdout=subprocess.PIPE, text=True, check=True,
                              timeout=30).stdout

    for service in SERVICES:
        address = house.address('public', service)
        listed = set(ask('-plaintext', address, 'list').split())
        assert SERVES[service] | EVERYWHERE <= listed, (service, listed)
        for name in ('', *SERVES[service]):
            health = json.loads(ask('-plaintext', '-d', json.dumps({'service': name}), address,
                                    'grpc.health.v1.Health/Check'))
            assert health == {'status': 'SERVING'}, (name, health)

    methods = set(ask('-plaintext', house.address('public', 'room'), 'list',
                      'roomService.RoomService').split())
    assert 'roomService.RoomService.CreateJoinLink' in methods, methods

    with_tls = ask('-cacert', house.data / 'certificates/public_ca.pem',
                   house.address('tls', 'room').replace('127.0.0.1', 'localhost'), 'list')
    assert 'roomService.roomService' in with_tls.split(), with_tls
