"""A call counts for the client's address, whatever the client writes about that itself."""
import json

from edge import eventually, read_for, request

CLIENT, CLAIMED = '127.0.0.111', '203.0.113.9'


def run(edge, house):
    connection = edge.connect(CLIENT)
    connection.send(request('/companyService.CompanyService/companyAvailable', 1,
                            ('x-forwarded-for', CLAIMED), ('forwarded', f'for={CLAIMED}'),
                            ('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')))
    read_for([connection], 10, lambda: 1 in connection.messages or connection.closed)
    assert 1 in connection.messages, connection.closed

    def logged():
        lines = (house.data / 'log' / 'company.log').read_text(errors='replace').splitlines()
        calls = [json.loads(line) for line in lines if '"message":"call"' in line]
        assert not any(CLAIMED in json.dumps(call) for call in calls), calls
        return [call for call in calls if call.get('peer') == CLIENT]
    eventually(logged, f'a call of {CLIENT} in the log')
    assert '0af7651916cd43dd8448eb211c80319c' in logged()[-1]['traceparent'], logged()
