"""A recorded talk with a site: the exchange that has the answer, what was sent for it, and what may have opened the door."""

from dataclasses import dataclass

from tracker.har import Exchange
from tracker.pages.described import Described
from tracker.pages.document import Form
from tracker.pages.formed import SeenForm
from tracker.pages.jsonseen import SeenJson
from tracker.pages.proposed import Fetch
from tracker.sent import Sent, values_of


@dataclass(frozen=True, slots=True)
class Key:
    """Something that may have opened the door. `where`: cookie or header. `is_given`: the site gave it in this recording.

    `by`: the address whose answer set a cookie. `is_made`: no answer set it, an earlier request went without, and it
    holds no secret: a script of the page made it while the recording ran.
    """

    name: str
    where: str
    is_given: bool
    by: str = ""
    is_made: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """The exchange that matters, and `asked`, the one that led to it by redirects, else the same.

    `page` is the one that held the form, or has to be opened before; `form` its form, `form_page` and `sent_form` the two
    described. `scripted`: fields of the form that a script filled in; `pressed`: those whose new value its page spells out, as
    a link that sends the form does. `is_nested`: the JSON body is more than a flat object of
    texts. `fetches`: how its tokens can be had. `logged_in`: what says that somebody was logged in, or "".
    """

    exchange: Exchange
    asked: Exchange
    html: Described | None = None
    json: SeenJson | None = None
    sent: tuple[Sent, ...] = ()
    keys: tuple[Key, ...] = ()
    page: Exchange | None = None
    form: Form | None = None
    form_page: Described | None = None
    sent_form: SeenForm | None = None
    scripted: tuple[str, ...] = ()
    pressed: tuple[tuple[str, str], ...] = ()
    is_nested: bool = False
    fetches: tuple[Fetch, ...] = ()
    logged_in: str = ""

    @property
    def reference(self) -> dict[str, str]:
        """What the case was asked by."""
        return values_of(self.sent, "reference")

    @property
    def is_by_script(self) -> bool:
        """Whether a script asked, as browsers say it in one way or another."""
        asked = self.asked
        said = asked.asked_with("sec-fetch-dest") == "empty" or bool(asked.asked_with("x-requested-with"))
        return self.exchange.kind == "data" or said

    @property
    def known(self) -> tuple[str, ...]:
        """What is masked wherever it stands."""
        shown = [*(self.html.known if self.html else ()), *(self.json.known if self.json else ())]
        lists = {f.name for f in self.sent_form.fields if f.choices} if self.sent_form else set()
        mine = [s for s in self.sent if s.role in {"reference", "captcha", "password", "own_token", "token"}]
        secret = [s.value for s in mine if s.name not in lists]  # the words of a list are the site's own
        return tuple(dict.fromkeys(v for v in (*secret, *shown) if v))
