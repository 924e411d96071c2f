"""Where a request ends is said in one way, or the request is refused: two parties who read it differently would take
the rest for a request of somebody else."""
from house import SERVICES
from raw_http import Connection, request

PATH = '/authenticationService/isAuthenticated'
HEAD = f'POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
# What an attacker wants to be read as a request of its own.
HIDDEN = f'POST {PATH} HTTP/1.1\r\nHost: hidden\r\nContent-Length: 2\r\n\r\n{{}}'

# What HAProxy takes in the one way that RFC 9112 leaves (a length beside chunks does not count, folds are blanks, LF ends
# a line) and writes anew: answers to it and to the request behind it, which is one for both.
MENDED = {
    'both framings': [200], 'both framings, the other way round': [200],  # and the connection ends
    'a folded header': [200, 200], 'a folded coding': [200, 200], 'lines that end with LF alone': [200, 200],
    'one line that ends with LF alone': [200, 200], 'a chunk whose size line ends with LF alone': [200, 200],
    'HTTP/2 in a line': [200, 200],
}
# What it passes on as one request, which the door refuses. The door closes its connection then, so that the next one,
# which is one for both, may find it closing.
PASSED_ON = ('a NUL in a header', 'no host')
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
    'a length of 2 modulo 2^64, at length': HEAD + 'Content-Length: 184467440737095516162\r\n\r\n{}',
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


def answers_to(address, text):
    """The statuses of all answers to that, with a hidden request behind it."""
    with Connection(address) as connection:
        connection.send(text.encode('latin-1') + HIDDEN.encode())
        connection.end()
        return [answer[0] for answer in iter(connection.answer, None)]


def _is_served(address):
    with Connection(address) as connection:
        connection.send(request(PATH) + request(PATH))
        for _ in range(2):
            assert connection.answer()[0] == 200
        connection.send(request(PATH, b'2\r\n{}\r\n0\r\n\r\n', 'Transfer-Encoding: chunked', length=False))
        assert connection.answer()[0] == 200


def run(house):
    doors = [house.address('json', service) for service in SERVICES]
    for address in (doors[0], house.common_address()):
        _is_served(address)
    for what, text in REFUSED.items():
        # The door says why; HAProxy may end the connection without a word. Nobody reads on.
        answers = answers_to(doors[0], text)
        assert answers in ([400], [505]), f'{what}: {answers}'
        answers = answers_to(house.common_address(), text)
        if what in PASSED_ON:
            answers = answers[:1]
        # Or fewer: HAProxy may end the connection of a client that has said everything before it has answered all.
        allowed = MENDED.get(what, [400])
        assert answers == allowed[:len(answers)], f'{what}, at the edge: {answers}'
    for address in (*doors, house.common_address()):
        assert answers_to(address, REFUSED['two lengths that differ']) == [400], address
    for address in (doors[0], house.common_address()):
        _is_served(address)
