"""Databases of a test, over psql."""
import os
import re
import subprocess

MARK = '@statement@'
TREE = re.compile(r'DETAIL:  (\(.*\))\s*', re.S)


def _run(database, text, *arguments):
    return subprocess.run(['psql', '-X', '-q', '-At', '-F', '\x1f', *arguments, database], input=text, text=True,
                          capture_output=True, env={**os.environ, 'LC_ALL': 'C'}, check=False)


def execute(database, text):
    """All of it, or SystemExit with what the database says."""
    done = _run(database, text, '-v', 'ON_ERROR_STOP=1')
    if done.returncode != 0:
        raise SystemExit(f'citus: {done.stderr.strip()}')
    return done.stdout


def refusal(database, text):
    """What the database says when it refuses; empty when it does not."""
    done = _run(database, text, '-v', 'ON_ERROR_STOP=1')
    return done.stderr.strip() if done.returncode != 0 else ''


def rows(database, query):
    return [line.split('\x1f') for line in execute(database, query).splitlines()]


def trees(database, statements):
    """Of each (name, sql), what it is after analysis and rewriting, as text; or an error, which begins with ERROR."""
    script = ["SET client_min_messages = log; SET debug_print_rewritten = on; SET debug_pretty_print = off;"]
    for name, sql in statements:
        script.append(f'\\warn {MARK}{name}\nPREPARE "{name}" AS {sql};\nDEALLOCATE ALL;')
    said = _run(database, '\n'.join(script)).stderr
    answers = {}
    for part in said.split(MARK)[1:]:
        name, _, messages = part.partition('\n')
        error = re.search(r'ERROR:.*', messages)
        # The first tree is that of PREPARE itself, the last one that of DEALLOCATE.
        found = [m.split('LOG:')[0] for m in messages.split('LOG:  rewritten parse tree:\n')[1:]]
        planned = [t for t in found if ':commandType 6' not in t[:200].replace('\n', ' ')]
        if error or len(planned) != 1:
            answers[name] = error.group(0) if error else f'ERROR: {len(planned)} trees'
        else:
            answers[name] = TREE.match(planned[0].lstrip()).group(1)
    return answers


class Scratch:
    """A database of its own, with these files run in it; gone at the end."""

    def __init__(self, server, name, files=()):
        self.server, self.name, self.files = server, f'usher_citus_{os.getpid()}_{name}', files
        self.url = f'{server} dbname={self.name}'

    def __enter__(self):
        execute(self.server, f'CREATE DATABASE {self.name}')
        for file in self.files:
            execute(self.url, f'BEGIN;\n{file.read_text()}\nCOMMIT;')
        return self

    def __exit__(self, *_):
        execute(self.server, f'DROP DATABASE IF EXISTS {self.name} WITH (FORCE)')
