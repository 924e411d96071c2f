"""What is known by name: the platform's own statements, and parameters. Each entry has to be needed."""

# Statements that go to all shards, for they are about companies that nobody has named; and why.
SPREAD = {
    'find_old_idempotency_keys': 'a key of any company is old after 24 hours',
    'find_old_audit': 'rows of any company are kept equally long',
    'find_old_presence': 'reports of any company count equally long',
    'find_old_commands': 'commands of any company are kept equally long',
    'find_old_chat': 'messages of any company are kept equally long',
    'find_gone_chat': 'rooms of any company are destroyed',
    'find_claimable': 'a sweeper settles what any company left behind',
    'count_sagas': 'the metrics are about all companies',
    'list_methods': "a user's own methods, in all companies among which they may switch",
    'list_uses': 'of the methods in such a list',
    'list_linked': 'companies by name, in which one may go on',
    'list_audit_of_all': 'what a platform administrator reads',
    'list_sagas': 'an operator sees what any company left behind',
    'forget_uses': 'old is old in every company',
    'forget_moved_sessions': 'in whatever company a session goes on',
    'forget_moved': 'expired is expired in every company',
    'forget_sessions': 'expired is expired in every company',
    'forget_given_up': 'what comes late comes late in every company',
    'list_endings': 'over is over in every company',
    'adopt_sagas': 'what servers of the release before left behind in any company',
    'find_companies': 'some companies by name, for who may see them',
    'list_companies': 'pages through the companies themselves, for a platform administrator',
}

# Parameters that are compared with in ON of an outer join, and are never NULL; and why.
NEVER_NULL = {
    'find_access': {'2': 'the room', '3': 'the viewer'},
}
