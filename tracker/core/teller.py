"""One event and its reader, and the sentences that several kinds of event share."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from shlex import quote

from tracker.core.clean import clean, cut
from tracker.core.mask import mask_details, mask_text
from tracker.core.model import FINAL, Event, Identity, Observation, Problem, Status, Turn, Via
from tracker.core.times import age_text, day_text, time_text
from tracker.core.words import N_, Translator, likely, status_name, via_name

SHOWN_NAMES = 3
LONGEST_NAME = 40

_ADDRESS = re.compile(r"https?://[^\s<>\"'@]{1,200}")

SEEN: Mapping[Via, str] = {
    Via.SITE: N_("Seen on the site, {when}."),
    Via.PAGE: N_("Read from a page shown to us, {when}."),
    Via.TEXT: N_("Taken from a text given to us, {when}."),
    Via.MAIL: N_("Read in a mail, {when}."),
    Via.PERSON: N_("Entered by hand, {when}."),
}

_ENDS: Mapping[Status, str] = {
    Status.COMPLETED: N_("It is completed, so checks end here; reminders of deadlines go on."),
    Status.REJECTED: N_("It was refused, so checks end here. Read the reasons, and ask the authority what can still be done."),
    Status.WITHDRAWN: N_("It was withdrawn, so checks end here. If you didn't want that, ask the authority."),
    Status.EXPIRED: N_("It has expired, so checks end here. Ask the authority whether to apply again."),
}


@dataclass(frozen=True, slots=True)
class Teller:
    """An event with all that its sentences need. `quoted` is the most characters of one quotation.

    `link` leads to our page about it; without one, sentences say what to type.
    """

    event: Event
    tr: Translator
    zone: tzinfo
    names: tuple[str, ...]
    known: tuple[str, ...]
    masked: bool
    last_read: datetime | None
    quoted: int
    link: str = ""

    def say(self, text: str, /, **parts: str | int) -> str:
        """A marked text, translated and filled. Parts are never templates themselves."""
        return self.tr.gettext(text).format(**parts)

    def quote(self, text: str | int, limit: int | None = None) -> str:
        """Somebody else's words: harmless, short, masked unless the reader wants all."""
        line = clean(str(text))
        return cut(mask_text(line, self.known) if self.masked else line, limit or self.quoted)

    def param(self, key: str) -> str:
        return str(self.event.params.get(key, ""))

    def count(self, key: str) -> int:
        return int(self.event.params.get(key, 0))

    def who(self, *, public: bool = True) -> str:
        """The case, or the host (where it may be named), or its cases."""
        if public and not self.event.case and self.event.host:
            return clean(self.event.host, 60)
        shown = self.tr.gettext(", ").join(clean(name, LONGEST_NAME) for name in self.names[:SHOWN_NAMES]) or "Tracker"
        more = len(self.names) - SHOWN_NAMES
        if more <= 0:
            return shown
        return self.tr.ngettext("{names} and {count} more", "{names} and {count} more", more).format(names=shown, count=more)

    def numbered(self, key: str, *more: str) -> Iterator[tuple[str, ...]]:
        """(key_N, more_N, …) from 1 on, those of the reader's own cases: key_N names a case."""
        number = 1
        while case := self.param(f"{key}_{number}"):
            if case in self.names:
                yield case, *(f"{other}_{number}" for other in more)
            number += 1

    def command(self, name: str) -> str:
        """What to type about this case."""
        alias = self.names[0] if len(self.names) == 1 else ""
        return f"tracker {name} {quote(alias)}" if alias.isprintable() and 0 < len(alias) <= LONGEST_NAME else f"tracker {name}"

    def when(self, moment: datetime) -> str:
        year = self.event.at.astimezone(self.zone).year
        return time_text(moment, self.tr, self.zone, year=year)

    def time(self, key: str) -> datetime | None:
        """A time among the params."""
        value = self.param(key)
        return datetime.fromisoformat(value) if value else None

    def moment(self, key: str) -> str:
        """A time among the params, as words; "" where there is none."""
        at = self.time(key)
        return self.when(at) if at else ""

    def day(self, key: str) -> str:
        """A date among the params, as words; "" where there is none."""
        value = self.param(key)
        if not value:
            return ""
        return day_text(date.fromisoformat(value[:10]), self.tr, year=self.event.at.astimezone(self.zone).year)

    def meaning(self, seen: Observation) -> str:
        """The status behind a label, and how sure it is; "" where the label says exactly that."""
        name = status_name(seen.status, self.tr)
        if not seen.known:
            meaning = self.tr.gettext("a word that is not known yet")
        elif seen.confirmed:
            meaning = name
        else:
            meaning = likely(seen, self.tr)
        if seen.provisional:
            return self.say(N_("{status}, unconfirmed"), status=meaning)
        return "" if meaning == seen.label else meaning

    def state(self, seen: Observation) -> str:
        """The authority's own words with our status in brackets."""
        label, meaning = self.quote(seen.label), self.meaning(seen)
        return (
            self.say(N_("“{label}” ({status})"), label=label, status=meaning)
            if meaning
            else self.say(N_("“{label}”"), label=label)
        )

    def move(self) -> str:
        before, after = self.event.before, self.event.after
        if after is None or after.watched is not None:
            return ""
        if before is None or before.label == after.label:
            return self.say(N_("Status: {status}"), status=self.state(after))
        return self.say(N_("{before} → {after}"), before=self.state(before), after=self.state(after))

    def notice(self) -> str:
        after = self.event.after
        if after is None or not after.notice:
            return ""
        return self.say(N_("The page also says: “{notice}”"), notice=self.quote(after.notice))

    def details(self) -> list[str]:
        """Lines of caption_1, before_1, after_1, …"""
        lines = []
        number = 1
        while caption := self.param(f"caption_{number}"):
            before, after = (self._detail(caption, self.param(f"{side}_{number}")) for side in ("before", "after"))
            parts = {"caption": self.quote(caption, 30), "before": before, "after": after}
            lines.append(self.say(N_("{caption}: “{before}” → “{after}”") if before else N_("{caption}: “{after}”"), **parts))
            number += 1
        return lines

    def _detail(self, caption: str, value: str) -> str:
        line = clean(value)
        return cut(mask_details({caption: line}, self.known)[caption] if self.masked else line, self.quoted)

    def turn(self) -> str:
        """Whose turn it is and what to do. Never "nothing to do" over a notice or a doubt."""
        seen = self.event.after
        if seen is None or seen.watched is not None:
            return ""
        if not seen.known:
            return self.tr.gettext("What it means is not known: please read it yourself, it may ask something of you.")
        if seen.turn is Turn.APPLICANT:
            return self._your_turn(seen)
        if seen.turn is Turn.EMPLOYER:
            return self.tr.gettext("It is the employer's turn: please tell the people in charge there.")
        if seen.status in FINAL:
            return self._end(seen)
        if seen.notice:
            return self.tr.gettext("The authority is working on it; please read the notice all the same.")
        if seen.confirmed and not seen.provisional:
            return self.tr.gettext("The authority is working on it; there is nothing for you to do now.")
        if seen.via is Via.PERSON:  # perhaps nobody but the person looks
            return self.tr.gettext("It is probably with the authority.")
        return self.tr.gettext("It is probably with the authority; we keep looking.")

    def _your_turn(self, seen: Observation) -> str:
        if seen.notice_asks:
            return self.tr.gettext("It is your turn: please do what the notice asks.")
        if seen.status is Status.NEEDS_ACTION:
            return self.tr.gettext("It is your turn: correct or add what the authority asks for, and hand it in again.")
        if seen.status is Status.NOT_SUBMITTED:
            return self.tr.gettext("It is your turn: fill it in and submit it.")
        return self.tr.gettext("It is your turn: please see on the site what to do.")

    def _end(self, seen: Observation) -> str:
        if not seen.confirmed or seen.provisional:
            entry = self.entry(seen.label, seen.status.value)
            text = N_(
                "It looks final, but that is not confirmed, so checks go on. If it is right, add {entry} under [cases.labels]."
            )
            return self.say(text, entry=entry)
        lines = [self.tr.gettext(_ENDS[seen.status])]
        if self.param("purge_on"):
            command = self.command("remove") + " --purge"
            lines.append(
                self.say(N_("Its data can be deleted from {day}: {command}"), day=self.day("purge_on"), command=command)
            )
        return "\n".join(lines)

    def entry(self, word: str, status: str) -> str:
        """A line for the config's table of words."""
        text = self.quote(word, 40).replace("\\", "\\\\").replace('"', '\\"')
        return f'"{text}" = "{status}"'

    def doubt(self) -> str:
        seen = self.event.after
        if seen is None or seen.identity is not Identity.NOT_SHOWN or not seen.provisional:
            return ""
        return self.tr.gettext("The page does not repeat the reference: please make sure that this record is yours.")

    def seen(self, *, dated: bool = True) -> str:
        """How and when the event's reading was seen, with the authority's own date; without a reading, when we noticed."""
        after = self.event.after
        if after is None:
            return self.noted()
        line = self.say(SEEN[after.via], when=self.when(after.seen_at))
        if after.reported_on is None or not dated:
            return line
        day = day_text(after.reported_on, self.tr, year=self.event.at.astimezone(self.zone).year)
        return self.say(N_("{seen} The authority's own date: {day}."), seen=line, day=day)

    def noted(self) -> str:
        return self.say(N_("Noticed by Tracker, {when}."), when=self.when(self.event.at))

    def last(self) -> str:
        """How old the last good reading is, and how it was seen."""
        seen = self.event.after or self.event.before
        given = self.param("last_read_at")
        at = datetime.fromisoformat(given) if given else self.last_read or (seen.seen_at if seen else None)
        if at is None:
            return self.tr.gettext("It has not been read so far.")
        how = self.when(at)
        if seen is not None:
            how = self.say(N_("{when}, {via}"), when=how, via=via_name(seen.via, self.tr))
        return self.say(N_("Last good reading: {age} ({how})."), age=age_text(self.event.at - at, self.tr), how=how)

    def last_state(self) -> str:
        seen = self.event.after or self.event.before
        if seen is None or seen.watched is not None:
            return ""
        return self.say(N_("Last known status: {status}"), status=self.state(seen))

    def problem(self) -> Problem:
        params = {k: str(v) for k, v in self.event.params.items()}
        return Problem(params.get("reason", self.event.reason), params)

    def address(self, key: str = "url") -> str:
        """The public address to look at; "" where there is none, without its query where that holds a reference value."""
        url = self.param(key)
        if self.masked and mask_text(url, self.known) != url:
            url = url.partition("?")[0]
            if mask_text(url, self.known) != url:
                return ""
        return url if _ADDRESS.fullmatch(url) and clean(url) == url else ""

    def please_look(self, key: str = "url") -> str:
        """Asks the person to look, and says where."""
        if url := self.address(key):
            return self.say(N_("Please look at {url} yourself."), url=url)
        return self.tr.gettext("Please look at the site yourself.")
