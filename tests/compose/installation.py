"""An installation by deploy/compose of its own: project, secrets, ports, network."""
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from house import ROOT, SERVICES

LONGEST_START = 240  # seconds


def run(*words, env=None, **more):
    """Runs a program; answers what it printed, or fails with that."""
    done = subprocess.run([str(word) for word in words], env=env, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False, **more)
    if done.returncode != 0:
        raise RuntimeError(f'{words} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}')
    return done.stdout


def _free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def _free_network():
    """The first three numbers of one that no other installation has, of whoever runs this as well."""
    ids = run('docker', 'network', 'ls', '-q', '--no-trunc').split()
    taken = run('docker', 'network', 'inspect', '--format', '{{json .IPAM.Config}}', *ids)
    free = [number for number in range(100, 256) if f'"10.231.{number}.' not in taken]
    return f'10.231.{random.choice(free)}'


def compose_program():
    """docker compose, or the older docker-compose; nothing where there is neither."""
    there = subprocess.run(['docker', 'compose', 'version'], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=False).returncode == 0
    return ['docker', 'compose'] if there else ['docker-compose'] if shutil.which('docker-compose') else None


class Installation:
    """`with Installation('tag', 7) as installation` takes everything down again, data included. `root` is the checkout
    whose deploy/compose it is; it gets a copy, since Docker's daemon may see another folder under the checkout's name."""

    def __init__(self, tag, number, root=ROOT):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='usher-compose-'))
        self.folder.chmod(0o755)
        self._folder_of_compose = self.folder / 'usher/deploy/compose'
        self._copy(root)
        self.port = _free_port()
        self.watch_port = _free_port()
        self.secrets = self.folder / 'secrets'
        self.env = {
            **os.environ, 'COMPOSE_PROJECT_NAME': f'usher-test-{os.getpid()}-{number}',
            'USHER_SECRETS': str(self.secrets), 'USHER_PORT': str(self.port), 'USHER_TAG': tag,
            'USHER_WATCH_PORT': str(self.watch_port), 'USHER_NETWORK': _free_network(),
            # All of a test's clients are one source.
            'USHER_EDGE_SOURCE_REQUESTS': '1000000', 'USHER_EDGE_SOURCE_FLOOD': '1000000',
            'USHER_EDGE_SOURCE_SIGN_INS': '1000'}
        self._compose = compose_program()

    def _copy(self, root):
        # Files are replaced, folders stay: some are mounted.
        secrets = root / 'deploy/compose/secrets'
        shutil.copytree(root / 'deploy', self.folder / 'usher/deploy', dirs_exist_ok=True,
                        ignore=lambda folder, _: os.listdir(folder) if pathlib.Path(folder) == secrets else ())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run([*self._compose, 'down', '--volumes', '--timeout', '5'], env=self.env, cwd=self._folder_of_compose,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def compose(self, *words):
        return run(*self._compose, *words, env=self.env, cwd=self._folder_of_compose)

    def script(self, name, *words):
        return run(self._folder_of_compose / name, *words, env=self.env)

    def pull(self):
        """What comes from now on is done with this checkout's files."""
        self._copy(ROOT)

    def up(self, *words):
        """Until the last job has said that everything serves; answers what it said."""
        self.compose('up', '-d', '--no-build', *words)
        until = time.monotonic() + LONGEST_START
        while True:
            ready = self.containers('ready', everything=True)
            state = self.inspect(ready[0], '.State') if ready else {}
            if state.get('Status') == 'exited' and state['ExitCode'] == 0:
                return run('docker', 'logs', ready[0])
            assert time.monotonic() < until, self.compose('ps') + self.compose('logs', '--tail=40')
            time.sleep(0.5)

    def containers(self, service, everything=False):
        """IDs of the containers of a service that run; `everything`: also of those that have ended."""
        project = self.env['COMPOSE_PROJECT_NAME']
        return run('docker', 'ps', '-q', '--no-trunc', *(['-a'] if everything else []),
                   '--filter', f'label=com.docker.compose.project={project}',
                   '--filter', f'label=com.docker.compose.service={service}').split()

    def inspect(self, container, what=''):
        return json.loads(run('docker', 'inspect', '--format', '{{json ' + (what or '.') + '}}', container))

    def kill(self, service):
        """SIGKILL to the server of one replica, by nobody that Docker knows: it is started again."""
        os.kill(self.inspect(self.containers(service)[0], '.State')['Pid'], signal.SIGKILL)

    def await_healthy(self, *services, replicas=1):
        until = time.monotonic() + LONGEST_START
        for service in services or SERVICES:
            while True:
                states = [self.inspect(container, '.State') for container in self.containers(service)]
                healthy = [state for state in states if state.get('Health', {}).get('Status') == 'healthy']
                if len(healthy) == replicas:
                    break
                assert time.monotonic() < until, (service, states)
                time.sleep(0.5)

    # What the clients of tests/interop want to know of a house.
    def address(self, _kind, _service):
        return f'127.0.0.1:{self.port}'

    def public_ca(self):
        return (self.secrets / 'public_ca.pem').read_bytes()

    def operator(self):
        return json.loads((self.secrets / 'operator' / 'operator.json').read_text())
