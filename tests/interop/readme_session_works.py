"""The first session of the README, pasted into a shell: every command, in order, must succeed."""
import re
import subprocess

from house import ROOT

DEFAULT_PORT_BASE = 50050
EXPECTED_FAILURES = ['AUTHENTICATION_ERROR']  # the guest who was removed


def _commands(readme):
    """The ```sh blocks of the section whose heading has 'first session' in it."""
    section = re.search(r'^(#+) [^\n]*first session[^\n]*\n(.*?)(?=^#{1,2} |\Z)', readme,
                        re.MULTILINE | re.DOTALL | re.IGNORECASE)
    assert section, 'the README has no section about a first session'
    blocks = re.findall(r'^```sh\n(.*?)^```', section.group(2), re.MULTILINE | re.DOTALL)
    assert blocks, 'the first session has no commands'
    return '\n'.join(blocks)


def run(house, readme):
    commands = _commands(readme.read_text())
    # The reader's usher is in .local and on the default ports; ours is elsewhere.
    commands = commands.replace('.local/', f'{house.data}/')
    commands = re.sub(r'\b500([5-9]\d)\b',
                      lambda port: str(int(port.group()) - DEFAULT_PORT_BASE + house.port_base),
                      commands)
    done = subprocess.run(['bash', '-c', 'set -eo pipefail\n' + commands], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
    assert done.returncode == 0, f'exit code {done.returncode}:\n{done.stdout}'
    # The outcome stands in the reply; grpcurl leaves out the code of success.
    failures = re.findall(r'"statusCode": "([^"]*)"', done.stdout)
    assert failures == EXPECTED_FAILURES, f'{failures}\n{done.stdout}'
