"""A new certificate for new connections; those that are there do not notice. What does not fit is refused."""
import socket
import ssl
import subprocess

from edge import read_for, request
from house import ROOT

PATH = '/companyService.CompanyService/companyAvailable'


def _shown(edge):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(('127.0.0.1', edge.port), timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname='localhost') as secure:
            return secure.getpeercert(binary_form=True)


def _replace(edge, new):
    return subprocess.run(
        [ROOT / 'deploy/edge/certificate', new, edge.folder / 'admin.sock', edge.folder / 'edge.pem'],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def _is_answered(connection, stream):
    connection.send(request(PATH, stream))
    read_for([connection], 10, lambda: stream in connection.messages or connection.closed)
    return stream in connection.messages


def run(edge, house):
    made = house.data / 'other-certificates'
    subprocess.run([ROOT / 'deploy/local/certificates', made, 'auth'], check=True)
    new, old = made / 'edge.pem', edge.folder / 'edge.pem'
    certificate, key = (made / 'public.pem').read_bytes(), (made / 'public.key').read_bytes()
    kept, before = edge.connect('127.0.0.121'), old.read_bytes()
    assert _is_answered(kept, 1), kept.closed

    shown = _shown(edge)
    for wrong in (b'no certificate', certificate, before[:before.index(b'-----END CERT')] + key):
        new.write_bytes(wrong)
        done = _replace(edge, new)
        assert done.returncode == 1 and 'the old one stays' in done.stdout, done.stdout
        assert _shown(edge) == shown and old.read_bytes() == before

    new.write_bytes(certificate + key)
    done = _replace(edge, new)
    assert done.returncode == 0, done.stdout
    assert _shown(edge) == ssl.PEM_cert_to_DER_cert(certificate.decode())
    assert old.read_bytes() == certificate + key
    assert _is_answered(kept, 3), kept.closed
