"""Rules and dashboard of deploy/observability name metrics of HAProxy that the edge has, with the labels that they are asked by."""
import json
import re
import urllib.request

from house import ROOT

FOLDER = ROOT / 'deploy/observability'
SELECTOR = re.compile(r'(haproxy_[a-z_]+)(?:\{([^}]*)\})?')
LABEL = re.compile(r'(\w+)=~?"([^"]*)"')
OF_PROMETHEUS = {'job', 'instance'}


def _expressions():
    yield from re.findall(r'haproxy_[^\n]*', (FOLDER / 'rules.yml').read_text())
    for panel in json.loads((FOLDER / 'grafana.json').read_text())['panels']:
        yield from (target['expr'] for target in panel.get('targets', ()))


def _is_there(name, labels, lines):
    def fits(line):
        found = dict(re.findall(r'(\w+)="([^"]*)"', line))
        return all(re.fullmatch(value, found.get(label, '')) for label, value in labels)
    return any(fits(line) for line in lines if line.split('{')[0].split(' ')[0] == name)


def run(edge):
    lines = urllib.request.urlopen(f'http://127.0.0.1:{edge.port - 1}/metrics', timeout=5).read().decode().splitlines()
    named = [(name, [label for label in LABEL.findall(labels) if label[0] not in OF_PROMETHEUS])
             for expression in _expressions() for name, labels in SELECTOR.findall(expression)]
    assert len(named) >= 6, named
    missing = [each for each in named if not _is_there(*each, lines)]
    assert not missing, missing
    assert not _is_there('haproxy_frontend_no_such_thing', [], lines)
