"""The Python of docs/clients.md, as it stands there: a refusal does not pass for a success."""
import re
import uuid

from client import access
from house import ROOT


def run(client):
    from authentication.authenticationService_pb2 import AuthenticationRequest
    from common import replyInfo_pb2
    from roomService.roomService_pb2 import RoomCreateRequest

    page = (ROOT / 'docs/clients.md').read_text()
    example = {}
    exec(re.search(r'^```python\n(.*?)^```', page, re.MULTILINE | re.DOTALL)[1], example)  # pylint: disable=exec-used
    ask = example['ask']

    wrong = {'companyId': client.company_id, 'username': 'nobody', 'password': 'wrong'}
    try:
        reply = ask(client.auth.authenticate, AuthenticationRequest(usernamePasswordCredentials=wrong))
    except example['Refused'] as refused:
        code, text = refused.args
        assert code == 'AUTHENTICATION_ERROR' and text in page, refused
    else:
        raise AssertionError(f'taken for a success: {reply}')

    right = {name: client.operator[name] for name in ('username', 'password')}
    session = ask(client.auth.authenticate, AuthenticationRequest(
        usernamePasswordCredentials={'companyId': client.company_id, **right}))
    answer = ask(client.auth.isAuthenticated, access(session.accessToken))
    assert answer.statusCode == replyInfo_pb2.OK and answer.statusMessage in page, answer

    token = client.sign_in_with_code().accessToken
    request = RoomCreateRequest(accessInfo=access(token), room={'displayName': 'Once'})
    key = str(uuid.uuid4())
    made, repeated = (ask(client.room.Create, request, key=key) for _ in range(2))
    assert made.roomId and made.roomId == repeated.roomId, (made, repeated)
