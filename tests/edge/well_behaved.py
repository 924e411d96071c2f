"""A client that knows nothing of what is done to the server beside it (probe): some calls a second, at fixed times."""
import math
import multiprocessing
import time

from client import Client, access

CALLS_PER_SECOND = 100
LONGEST = 10  # seconds


class Place:
    """What a Client wants to know of a house: where the services are, with TLS."""

    def __init__(self, ports, ca, operator):
        self._ports, self._ca, self._operator = ports, ca, operator

    def address(self, _kind, service):
        return f'127.0.0.1:{self._ports[service]}'

    def public_ca(self):
        return self._ca

    def operator(self):
        return self._operator


def _call_for_ever(place, stop, answers):
    """Sends (when it was due, how long it took from then on, whether it was answered) of each call in the end."""
    from companyService.companyService_pb2 import CompanyListRequest
    client = Client(place, tls=True)
    request = CompanyListRequest(accessInfo=access(client.sign_in_with_code().accessToken))
    client.company.companyList(request, timeout=LONGEST)
    answers.put('ready')
    ended, calls, due, give_up = [], 0, time.monotonic(), None

    def end(of):
        return lambda call: ended.append((of, time.monotonic() - of, call.code().value[0] == 0))
    # Where it is late with sending, all that was due is sent.
    while due < (give_up or math.inf):
        if stop.is_set() and give_up is None:
            give_up = time.monotonic()
        client.company.companyList.future(request, timeout=LONGEST).add_done_callback(end(due))
        calls += 1
        # When it was due counts: a client that is late because it had to wait is not to be forgotten.
        due += 1 / CALLS_PER_SECOND
        time.sleep(max(0, due - time.monotonic()))
    until = time.monotonic() + LONGEST + 5
    while len(ended) < calls and time.monotonic() < until:
        time.sleep(0.1)
    client.close()
    answers.put(ended)


class WellBehaved:
    """`with WellBehaved(place) as client: ...`; afterwards client.took(periods) tells of the calls due in them."""

    def __init__(self, place):
        self._stop, self._answers = multiprocessing.Event(), multiprocessing.Queue()
        self._process = multiprocessing.Process(target=_call_for_ever, args=(place, self._stop, self._answers))
        self._calls = None

    def __enter__(self):
        self._process.start()
        assert self._answers.get(timeout=30) == 'ready'
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._calls = self._answers.get(timeout=120)
        self._process.join()

    def took(self, periods):
        """p50, p99 and the longest in ms, and how many failed."""
        calls = [call for call in self._calls if any(begin <= call[0] < end for begin, end in periods)]
        took = sorted(1000 * seconds for _, seconds, _ in calls)
        return {'calls': len(took), 'p50': took[len(took) // 2], 'p99': took[int(0.99 * len(took))], 'longest': took[-1],
                'failed': sum(not good for _, _, good in calls)}
