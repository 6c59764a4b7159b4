"""What each key of the config is for, in the words of docs/configuration.md; editors show them beside the key."""

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    "store": "where everything is kept",
    "schedule": "when sites are asked",
    "fetch": "how sites are asked",
    "life": "signs of life",
    "receivers": "who is told",
    "cases": "what is tracked",
    "language": "zh-CN, en: of messages and of what commands say",
    "timezone": "an IANA name, such as Asia/Shanghai",
    "store.url": "sqlite:////absolute/path, or sqlite:///relative/path, which counts from the config file",
    "store.key": "32 bytes in base64 or hex, or a sentence of 16 characters or more",
    "store.keep_pages": (
        'a length, or "" for not at all: how long the pages of new labels and the last unreadable one are kept, sealed'
    ),
    "schedule.every": "10min or longer; shorter only where every url is on this machine",
    "schedule.jitter": "a length; spread around every, at most half of it",
    "schedule.hours": 'a list of "08:30-18:00"; []: any hour',
    "schedule.workdays": '"CN"; "": any day',
    "schedule.patience": "unreadable for longer than this, and three looks, is told",
    "schedule.handoff_every": "a span: a captcha is asked of the person at most this often per case",
    "schedule.look_every": (
        'a span, or "" for never: how often you are asked to look at a case that can\'t be read; office hours only'
    ),
    "fetch.contact": "a mail or web address that stands in the User-Agent",
    "fetch.min_gap": "5s or longer between two requests to one host; shorter only where every url is on this machine",
    "fetch.timeout": "of one request and its whole answer; a check has at most 8 of them",
    "fetch.max_body": "1KiB to 64MiB; a larger page is refused",
    "delivery.timeout": "how long a run waits for messages in hand",
    "web.listen": "address and port of tracker serve",
    "web.base_url": "our own address as others reach it, for links in messages; without it messages say what to type",
    "web.password": "needed to listen beyond this machine",
    "life.heartbeat": (
        "a web address, asked (GET) after each good round, at most once a minute, so that a watcher elsewhere notices silence"
    ),
    "life.still_waiting": (
        'a span, or "" for never: how often one message says that it runs, for all cases of which nothing was told'
    ),
    "life.remind": 'a span, or "" for never: an urgent message that nobody acknowledged is told again after this',
    "receivers.name": "a name of its own",
    "receivers.url": 'any Apprise URL; better kept elsewhere: { env = "TRACKER_PHONE_URL" }',
    "receivers.events": "* (every kind but the operator's), kinds by name, urgent, operator",
    "receivers.privacy": "full, masked, minimal (says only that something moved)",
    "receivers.quiet_hours": '"22:00-08:00": held, then told; urgent messages pass',
    "cases.name": "the alias in messages",
    "cases.receivers": "a list of receivers' names",
    "cases.promised": "a span: told when the authority is late",
    "cases.labels": 'this site\'s words: "审批通过" = "approved", or { status = "submitted", turn = "employer" }',
    "cases.sources": "several places where the case can be seen, each a [[cases.sources]]",
    "cases.sources.name": "a name of its own within the case",
    "cases.sources.adapter": "see tracker adapters list",
    "cases.sources.url": "the address of the page",
    "cases.sources.method": '"GET" (the reference goes into the query) or "POST"; only for the adapter json',
    "cases.sources.body": 'of a POST: "form" or "json"; only for the adapter json',
    "cases.sources.watch": "true: the text of the page is watched for changes, and no status is read",
    "cases.sources.css": "a CSS selector: only this part is watched",
    "cases.sources.reference": "what finds the case, by the caption on the page or the field's own name",
    "cases.sources.read": "where the answer stands",
    "read.label": "a caption, or css:… of exactly one place; in a JSON answer a key, or a path: json:data.status",
    "read.date": "a caption; in a JSON answer also a path",
    "read.identify": "captions that the answer must repeat",
    "read.details": "captions whose changes are told",
}
