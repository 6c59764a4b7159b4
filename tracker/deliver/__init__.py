"""Delivery: the outbox through Apprise, one receiver at a time, each in its own thread.

courier.py  claims what is owed, holds it in quiet hours, marks what became of it
send.py     one message to one Apprise URL; the only module that imports Apprise
wire.py     listens to the replies of HTTP and SMTP, which Apprise doesn't keep
verdict.py  replies -> accepted, or why not, in the service's own words
"""

from tracker.deliver.courier import Courier, Delivered
from tracker.deliver.send import attempt, attempt_all, is_known
from tracker.deliver.verdict import reason_text

__all__ = ["Courier", "Delivered", "attempt", "attempt_all", "is_known", "reason_text"]
