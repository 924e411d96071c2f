"""An administrator signs in with a password, is authenticated, refreshes; an old token is refused."""
from client import access, call, claims_of, ok, outcome

# A published client's own tests ask for exactly this.
WELCOME = 'You were authenticated successfully'


def _refresh(client, session, refresh_token):
    return client.try_to_authenticate(refreshTokenCredentials={
        'principal': client.operator['username'], 'companyId': client.company_id,
        'refreshToken': refresh_token, 'accessToken': session.accessToken})


def run(client):
    first = client.sign_in_with_password()
    answer = ok(call(client.auth.isAuthenticated, access(first.accessToken)))
    assert answer.statusMessage == WELCOME, answer

    second = ok(_refresh(client, first, first.refreshToken))
    assert second.refreshToken not in ('', first.refreshToken), second
    assert second.userId == first.userId, second
    third = ok(_refresh(client, second, second.refreshToken))
    answer = ok(call(client.auth.isAuthenticated, access(third.accessToken)))
    assert answer.statusMessage == WELCOME, answer
    sessions = {claims_of(reply.accessToken).session_id for reply in (first, second, third)}
    assert len(sessions) == 1, sessions

    # The first one was used, and so was its successor: somebody has a copy.
    refused = _refresh(client, first, first.refreshToken)
    assert outcome(refused) == 'AUTHENTICATION_ERROR' and not refused.accessToken, refused
    ended = _refresh(client, third, third.refreshToken)
    assert outcome(ended) == 'AUTHENTICATION_ERROR', ended
