"""Reads the trees that PostgreSQL prints of parsed statements (debug_print_rewritten): what outfuncs.c writes.

A node is a Node with its fields; a list is a list; what else there is are strings, None for <>, and a list of strings
where a field is several words (the bytes of a constant).
"""
import re

TOKEN = re.compile(r'[(){}]|\[[^\]]*\]|(?:\\.|[^\s(){}\\\[])+', re.S)


class Node:
    def __init__(self, kind, fields):
        self.kind, self.fields = kind, fields

    def __getattr__(self, name):
        try:
            return self.fields[name]
        except KeyError:
            raise AttributeError(f'{self.kind} has no {name}') from None

    def number(self, name):
        return int(self.fields[name])

    def nodes(self, name):
        value = self.fields.get(name)
        return value if isinstance(value, list) else []

    def __repr__(self):
        return f'{self.kind}({self.fields})'


def read(text):
    tokens = TOKEN.findall(text)
    value, end = _value(tokens, 0)
    if end != len(tokens):
        raise ValueError(f'a tree ends before its text: {tokens[end:end + 5]}')
    return value


def _value(tokens, at):
    token = tokens[at]
    if token == '{':
        return _node(tokens, at + 1)
    if token == '(':
        return _list(tokens, at + 1)
    if token == '<>':
        return None, at + 1
    return re.sub(r'\\(.)', r'\1', token), at + 1


def _list(tokens, at):
    items = []
    while tokens[at] != ')':
        item, at = _value(tokens, at)
        items.append(item)
    return items, at + 1


def _node(tokens, at):
    kind, at = tokens[at], at + 1
    fields = {}
    while tokens[at] != '}':
        if not tokens[at].startswith(':'):
            raise ValueError(f'{kind}: {tokens[at]} is no field')
        name, at = tokens[at][1:], at + 1
        values = []
        while tokens[at] != '}' and not tokens[at].startswith(':'):
            value, at = _value(tokens, at)
            values.append(value)
        fields[name] = values[0] if len(values) == 1 else values
    return Node(kind, fields), at + 1


def walk(value, into_queries=True):
    """All nodes at and below a value. Without `into_queries`, queries inside are named and not entered."""
    if isinstance(value, list):
        for item in value:
            yield from walk(item, into_queries)
    elif isinstance(value, Node):
        yield value
        if value.kind == 'QUERY' and not into_queries:
            return
        for field in value.fields.values():
            yield from walk(field, into_queries)
