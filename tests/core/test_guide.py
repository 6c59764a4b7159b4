"""A procedure as data: what it says, and how a broken file is told."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from tracker.core.guide import Expiry, GuideError, guide_of
from tracker.core.model import Status, Turn


def words(text: str) -> dict[str, str]:
    return {"zh-CN": text, "en": text}


LINK = {"url": "http://site.example/", "title": words("site")}
DATA: dict[str, Any] = {
    "title": words("points"),
    "summary": words("in short"),
    "source": words("a leaflet"),
    "as_of": "2021-06",
    "adapters": ["form"],
    "steps": [
        {"title": words("first"), "text": words("do it"), "turns": ["applicant"]},
        {
            "title": words("wait"),
            "text": words("wait"),
            "turns": ["authority"],
            "statuses": ["in_review"],
            "links": [LINK],
            "as_of": "2023",
        },
    ],
    "groups": [
        {
            "id": "identity",
            "title": words("identity"),
            "papers": [
                {"id": "card", "title": words("card"), "expires": "yes", "links": [LINK]},
                {"id": "book", "title": words("book"), "note": words("copy"), "expires": "unknown", "as_of": "2018"},
            ],
        }
    ],
    "cautions": [{"text": words("to the letter"), "step": 0}],
}


def test_a_guide_has_steps_papers_and_cautions() -> None:
    guide = guide_of("points", DATA)
    assert (guide.id, guide.confirmed_on, guide.adapters) == ("points", None, ("form",))
    assert [(s.number, s.turns, s.statuses) for s in guide.steps] == [
        (0, (Turn.APPLICANT,), ()),
        (1, (Turn.AUTHORITY,), (Status.IN_REVIEW,)),
    ]
    assert [(p.id, p.expires, p.note) for p in guide.papers] == [
        ("card", Expiry.YES, {}),
        ("book", Expiry.UNKNOWN, words("copy")),
    ]
    assert [(c.text["en"], c.step) for c in guide.cautions] == [("to the letter", 0)]


def test_a_fact_is_as_old_as_the_guide_unless_it_says_another_date() -> None:
    guide = guide_of("points", DATA)
    assert [s.as_of for s in guide.steps] == ["2021-06", "2023"]
    assert guide.steps[1].links[0].as_of == "2023"
    assert [p.as_of for p in guide.papers] == ["2021-06", "2018"]


def test_the_steps_at_a_status_are_those_that_name_it() -> None:
    guide = guide_of("points", DATA)
    assert [s.number for s in guide.steps_at(Status.IN_REVIEW)] == [1]
    assert guide.steps_at(Status.REJECTED) == ()


def test_a_guide_that_somebody_compared_has_the_day() -> None:
    assert guide_of("points", DATA | {"confirmed_on": date(2026, 11, 23)}).confirmed_on == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("title",), None, "points: title: a text for each of zh-CN, en is needed"),
        (("title",), {"en": "points"}, "points: title: a text for each of zh-CN, en is needed"),
        (("title",), {"en": "points", "zh-CN": ""}, "points: title: a text for each of zh-CN, en is needed"),
        (("as_of",), 2021, "points: as_of: a text is needed"),
        (("confirmed_on",), "2026", "points: confirmed_on: a date is needed, or nothing"),
        (("adapters",), "form", "points: adapters: a list of texts is needed"),
        (("adapters",), [1], "points: adapters: a list of texts is needed"),
        (("steps",), {}, "points: steps: a list of tables is needed"),
        (("steps",), ["x"], "points: steps: a list of tables is needed"),
        (("steps", 0, "turns"), ["me"], "points: steps[0].turn: 'me' is none of authority, applicant, employer, nobody"),
        (("steps", 0, "colour"), "red", "points: steps[0].colour: no such key"),
        (("steps", 1, "links", 0, "url"), "", "points: steps[1].links[0].url: a text is needed"),
        (
            ("groups", 0, "papers", 1, "expires"),
            "no idea",
            "points: groups[0].papers[1].expiry: 'no idea' is none of yes, no, unknown",
        ),
        (("groups", 0, "papers", 1, "id"), "card", "points: groups: a paper's id stands twice"),
        (("cautions", 0, "step"), "0", "points: cautions[0].step: a number is needed"),
        (("cautions", 0, "step"), 2, "points: cautions: a step that is not there"),
        (("colour",), "red", "points: colour: no such key"),
    ],
)
def test_a_mistake_names_its_place(path: tuple[str | int, ...], value: object, told: str) -> None:
    data = deepcopy(DATA)
    place: Any = data
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    with pytest.raises(GuideError) as raised:
        guide_of("points", data)
    assert str(raised.value) == told
