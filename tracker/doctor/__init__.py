"""What is wrong, and what to do about it.

finding.py  one line of the doctor
place.py    what stands around: config, store, key, disk, clock, packages
life.py     what goes on: receivers, cases, sites, messages, the service
bundle.py   the masked bundle for a bug report
"""

from tracker.doctor.examine import findings
from tracker.doctor.finding import Finding, Level

__all__ = ["Finding", "Level", "findings"]
