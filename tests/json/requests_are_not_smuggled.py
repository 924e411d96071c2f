"""Where a request ends is said in one way, or the request is refused: two parties who read it differently would take
the rest for a request of somebody else."""
from house import SERVICES
from raw_http import Connection, request

PATH = '/authenticationService/isAuthenticated'
HEAD = f'POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
# What an attacker wants to be read as a request of its own.
HIDDEN = f'POST {PATH} HTTP/1.1\r\nHost: hidden\r\nContent-Length: 2\r\n\r\n{{}}'

# Each is refused, and whatever follows on the connection is read by nobody.
REFUSED = {
    'two lengths that differ': HEAD + 'Content-Length: 2\r\nContent-Length: 80\r\n\r\n{}',
    'two lengths in a list': HEAD + 'Content-Length: 2, 80\r\n\r\n{}',
    'a length with a sign': HEAD + 'Content-Length: +2\r\n\r\n{}',
    'a negative length': HEAD + 'Content-Length: -2\r\n\r\n{}',
    'a length in hexadecimal': HEAD + 'Content-Length: 0x2\r\n\r\n{}',
    'a length with a blank inside': HEAD + 'Content-Length: 2 0\r\n\r\n{}',
    'an empty length': HEAD + 'Content-Length:\r\n\r\n{}',
    'a length beyond all numbers': HEAD + 'Content-Length: 18446744073709551618\r\n\r\n{}',
    'both framings': HEAD + 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    'both framings, the other way round': HEAD + 'Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n'
                                                 '2\r\n{}\r\n0\r\n\r\n',
    'another coding': HEAD + 'Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}',
    'a coding that is nearly chunked': HEAD + 'Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    'chunked that is not the last': HEAD + 'Transfer-Encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    'chunked twice': HEAD + 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    'a coding behind a vertical tab': HEAD + 'Transfer-Encoding: \x0bchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    'a folded header': HEAD + 'X-Folded: one\r\n two\r\nContent-Length: 2\r\n\r\n{}',
    'a folded coding': HEAD + 'Transfer-Encoding:\r\n chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    'a blank before the colon': HEAD + 'Content-Length : 2\r\n\r\n{}',
    'a coding with a blank before the colon': HEAD + 'Transfer-Encoding : chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    'a header without a name': HEAD + ': x\r\nContent-Length: 2\r\n\r\n{}',
    'a header without a colon': HEAD + 'Content-Length\r\n\r\n{}',
    'a NUL in a header': HEAD + 'X-Nul: a\0b\r\nContent-Length: 2\r\n\r\n{}',
    'a lone CR in a header': HEAD + 'X-Cr: a\rContent-Length: 80\r\nContent-Length: 2\r\n\r\n{}',
    'lines that end with LF alone': (HEAD + 'Content-Length: 2\r\n\r\n').replace('\r\n', '\n') + '{}',
    'one line that ends with LF alone': HEAD + 'X-Lf: a\nContent-Length: 2\r\n\r\n{}',
    'no host': f'POST {PATH} HTTP/1.1\r\nContent-Length: 2\r\n\r\n{{}}',
    'two hosts': HEAD + 'Host: other\r\nContent-Length: 2\r\n\r\n{}',
    'a chunk whose size has a sign': HEAD + 'Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n',
    'a chunk whose size has a prefix': HEAD + 'Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n',
    'a chunk whose size is beyond all numbers': HEAD + 'Transfer-Encoding: chunked\r\n\r\n'
                                                       '10000000000000002\r\n{}\r\n0\r\n\r\n',
    'a chunk that is longer than it says': HEAD + 'Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx\r\n0\r\n\r\n',
    'a chunk whose size line ends with LF alone': HEAD + 'Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n',
    'HTTP/1.0 with chunks': HEAD.replace('HTTP/1.1', 'HTTP/1.0') + 'Transfer-Encoding: chunked\r\n\r\n'
                            '2\r\n{}\r\n0\r\n\r\n',
    'a version that there is not': HEAD.replace('HTTP/1.1', 'HTTP/1.10') + 'Content-Length: 2\r\n\r\n{}',
    'HTTP/2 in a line': HEAD.replace('HTTP/1.1', 'HTTP/2.0') + 'Content-Length: 2\r\n\r\n{}',
    'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
}


def refuse(address, what, text):
    with Connection(address) as connection:
        connection.send(text.encode('latin-1') + HIDDEN.encode())
        connection.end()
        answer = connection.answer()
        # HAProxy and the doors may end it without a word as well.
        assert answer is None or answer[0] in (400, 405, 413, 431, 501, 505), (what, answer)
        assert connection.is_closed(), f'{what}: the connection goes on, with what was hidden in the request'


def _is_served(address):
    with Connection(address) as connection:
        connection.send(request(PATH) + request(PATH))
        for _ in range(2):
            assert connection.answer()[0] == 200
        connection.send(request(PATH, b'2\r\n{}\r\n0\r\n\r\n', 'Transfer-Encoding: chunked', length=False))
        assert connection.answer()[0] == 200


def run(house):
    for address in (house.address('json', 'auth'), house.common_address()):
        _is_served(address)
        for what, text in REFUSED.items():
            refuse(address, f'{what}, {address}', text)
        _is_served(address)
    for service in SERVICES:
        refuse(house.address('json', service), 'both framings', REFUSED['both framings'])
