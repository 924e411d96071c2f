"""A real LiveKit server on loopback, people who come to it, and the adapter (deploy/engines/livekit) between it and usher."""
import base64
import hashlib
import hmac
import json
import os
import pathlib
import re
import secrets
import signal
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request

from house import ROOT

HERE = pathlib.Path(__file__).resolve().parent
PATIENCE = 30  # seconds, for whatever is not measured
_CONFIGURATION = """
port: {port}
bind_addresses: ["127.0.0.1"]
rtc:
  tcp_port: {tcp_port}
  udp_port: {udp_port}
  node_ip: 127.0.0.1
  use_external_ip: false
  enable_loopback_candidate: true
  interfaces: {{includes: [lo]}}
keys: {{{key}: {secret}}}
webhook:
  api_key: {key}
  urls: ["http://{webhooks}/"]
logging: {{level: info}}
"""


def install():
    """Answers the folder with the programs, made by deploy/install."""
    done = subprocess.run([ROOT / 'deploy/install', 'livekit'], stdout=subprocess.PIPE, text=True, check=True)
    return pathlib.Path(done.stdout.splitlines()[-1])


def build_visitor(folder):
    """Answers the program. What it takes comes from the proxy of Go's modules."""
    program = pathlib.Path(folder) / 'visitor'
    subprocess.run(['go', 'build', '-o', program, '.'], cwd=HERE / 'visitor', check=True,
                   env={**os.environ, 'GOFLAGS': '-mod=readonly'})
    return program


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(('127.0.0.1', 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


class Process:
    """A program whose output is read line by line; a context in which it runs."""

    def __init__(self, command, **more):
        self.begin = time.monotonic()
        self.lines = []  # (seconds since the begin, line)
        self._changed = threading.Condition()
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace', **more)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self._changed:
                self.lines.append((time.monotonic(), line.strip()))
                self._changed.notify_all()

    def text(self):
        with self._changed:
            return '\n'.join(line for _, line in self.lines)

    def has(self, pattern, begin=0):
        with self._changed:
            return any(re.search(pattern, line) for _, line in self.lines[begin:])

    def mark(self):
        """Lines so far: what is awaited comes after them."""
        with self._changed:
            return len(self.lines)

    def wait_for(self, pattern, begin=0, patience=PATIENCE):
        """Answers when a line with the pattern came (time.monotonic())."""
        until = time.monotonic() + patience
        with self._changed:
            while True:
                for came, line in self.lines[begin:]:
                    if re.search(pattern, line):
                        return came
                left = until - time.monotonic()
                if left <= 0:
                    raise AssertionError(f'no line like "{pattern}" in:\n' +
                                         '\n'.join(line for _, line in self.lines[-30:]))
                self._changed.wait(left)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self, how=signal.SIGTERM, patience=PATIENCE):
        """Answers the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(patience)
        self._reader.join(patience)
        return code


class LiveKit(Process):
    """The server. `webhooks`: where the adapter listens."""

    def __init__(self, program, folder, webhooks):
        port, tcp_port, udp_port = free_ports(3)
        self.key = 'APIusher'
        self.secret = secrets.token_urlsafe(32)
        self.address = f'127.0.0.1:{port}'
        configuration = pathlib.Path(folder) / 'livekit.yaml'
        configuration.write_text(_CONFIGURATION.format(
            port=port, tcp_port=tcp_port, udp_port=udp_port, key=self.key, secret=self.secret, webhooks=webhooks))
        configuration.chmod(0o600)
        super().__init__([program, '--config', configuration])
        self.wait_for('starting LiveKit server')
        self._await_answer()

    def _await_answer(self):
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.rooms()
                return
            except OSError:
                assert time.monotonic() < until, self.text()
                time.sleep(0.05)  # nobody says when

    def token(self, **claims):
        now = int(time.time())
        text = '.'.join(_base64url(json.dumps(part).encode()) for part in (
            {'alg': 'HS256', 'typ': 'JWT'}, {'iss': self.key, 'nbf': now - 10, 'exp': now + 600, **claims}))
        return f'{text}.{_base64url(hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).digest())}'

    def ask(self, method, video, **request):
        """Of its server API."""
        http = urllib.request.Request(
            f'http://{self.address}/twirp/livekit.RoomService/{method}', json.dumps(request).encode(),
            {'Content-Type': 'application/json', 'Authorization': f'Bearer {self.token(video=video)}'})
        with urllib.request.urlopen(http, timeout=10) as answer:
            return json.load(answer)

    def rooms(self):
        return {room['name'] for room in self.ask('ListRooms', {'roomList': True}).get('rooms', [])}

    def people(self, room):
        participants = self.ask('ListParticipants', {'roomAdmin': True, 'room': room}, room=room)
        return {one['identity']: one for one in participants.get('participants', [])}


class Visitor(Process):
    """Somebody who comes by a token."""

    def __init__(self, program, url, token, *flags):
        super().__init__([program, *flags, url], stdin=subprocess.PIPE)
        self.do(token)

    def __exit__(self, *_):
        self.process.stdin.close()
        self.end()

    def do(self, line):
        self.process.stdin.write(f'{line}\n')
        self.process.stdin.flush()

    def await_token(self, is_wanted):
        """One that the server itself has handed out, whose claims are wanted."""
        begin = 0
        while True:
            self.wait_for('^token ', begin)
            with self._changed:
                tokens = [line.split()[1] for _, line in self.lines if line.startswith('token ')]
                begin = len(self.lines)
            for token in tokens:
                if is_wanted(claims_of(token)):
                    return token


class Adapter:
    """usher-livekit; can be ended and started again at the same place."""

    def __init__(self, build, house, configuration, webhooks):
        self._command = [
            build / 'bin/usher-livekit', '--usher_auth', house.address('public', 'auth'), '--usher_room',
            house.address('public', 'room'), '--usher_plain', '--livekit', configuration, '--webhook_listen', webhooks,
            '--sweep', '2s']
        self.webhooks = webhooks
        self.log = None

    def start(self):
        self.log = Process(self._command)
        self.log.wait_for('"serving"')
        self.log.wait_for("usher's commands are followed")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.end()

    def end(self, how=signal.SIGTERM):
        """Answers the exit code."""
        return self.log.end(how)


def fields_of(link):
    """What a join link says of LiveKit: where it is, and the token."""
    token, *more = link.partition('#')[2].split('&')
    fields = dict(field.split('=', maxsplit=1) for field in more)
    assert token and set(fields) == {'livekit_url', 'livekit_token'}, link
    return urllib.parse.unquote(fields['livekit_url']), urllib.parse.unquote(fields['livekit_token'])


def claims_of(token):
    payload = token.split('.')[1]
    return json.loads(base64.urlsafe_b64decode(payload + '=' * (-len(payload) % 4)))
