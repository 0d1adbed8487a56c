"""How much a listener, their pages and their address may ask of rooms, over all web processes.

A listener is held to what a quick one could say, on however many pages. An address may be that of a school, so it is
not held to how much its people rate, only to how fast it opens connections and how much it sends that makes no sense.
"""

from antiphon.core.limits import Buckets, Limit

MESSAGES = Limit(per_second=20.0, at_once=100.0)  # of one listener, or of a page that nobody has joined on
OPENINGS = Limit(per_second=100.0, at_once=3_000.0)  # of one address: a full hall may reload at once
NONSENSE = Limit(per_second=50.0, at_once=2_000.0)  # frames of one address that were refused as malformed
PAGES_MAX = 8  # of one listener at a time

messages = Buckets("messages", MESSAGES)  # by listener
openings, nonsense = Buckets("openings", OPENINGS), Buckets("nonsense", NONSENSE)  # by address
