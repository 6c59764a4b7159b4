"""What a probe saw, as data for scripts; and a proposal from it again, for `adapters new`."""

import json
from collections.abc import Mapping
from typing import Any

from tracker.cli.probe_block import block, fixed_value
from tracker.cli.probe_words import Shown, outcome_text, reason_text
from tracker.core.errors import CheckError
from tracker.core.model import Meaning
from tracker.core.words import Translator
from tracker.known.fields import JSON
from tracker.pages.described import Described, SeenStatus
from tracker.pages.formed import SeenForm
from tracker.pages.jsonseen import SeenJson
from tracker.pages.proposed import Fetch, Proposal, Reason, Wanted
from tracker.probing import Probe
from tracker.sent import Sent
from tracker.setup.draft import MARK, TOKEN_MARK
from tracker.talk import Talk


def probe_json(probe: Probe, source: str, tr: Translator, shown: Shown) -> JSON:
    """Everything of a probe."""
    return {
        "source": source,
        "kind": probe.kind,
        "title": shown.text(probe.title, 80),
        "asked": [shown.url(url) for url in probe.asked],
        "exchange": _talk(probe, probe.talk, shown) if probe.talk else None,
        "form_page": _page(probe.form_page, tr, shown, probe.sent_form) if probe.form_page else None,
        "page": _page(probe.page, tr, shown, probe.page.query) if probe.page else None,
        "answer": _answer(probe.json, tr, shown) if probe.json else None,
        "proposal": _proposal(probe.proposal, tr, shown),
    }


def _page(seen: Described, tr: Translator, shown: Shown, chosen: SeenForm | None) -> JSON:
    return {
        "url": shown.url(seen.url),
        "title": shown.text(seen.title),
        "charset": seen.charset,
        "charset_reason": seen.why_charset,
        "frames": [shown.url(url) for url in seen.frames],
        "refresh": shown.url(seen.refresh) or None,
        "by_script": seen.scripted,
        "fields_outside_forms": seen.loose,
        "forms": [_form(form, shown, chosen=form is chosen) for form in seen.forms],
        "captions": [
            {
                "caption": shown.text(p.caption),
                "value": shown.value(p.caption, p.value, personal=p.role == "identity"),
                "layout": p.how,
                "role": p.role or None,
                "record": p.record or None,
            }
            for p in seen.pairs
        ],
        "records": seen.records,
        "status": _status(seen.status, shown) if seen.status else None,
        "problem": _problem(seen.outcome, tr, shown),
    }


def _form(form: SeenForm, shown: Shown, *, chosen: bool) -> JSON:
    captcha = form.captcha
    return {
        "role": form.role,
        "chosen": chosen,
        "method": form.method,
        "action": shown.url(form.action),
        "charset": form.charset or None,
        "script_action": form.is_scripted,
        "onsubmit": form.has_onsubmit,
        "found_by_its_fields": form.is_found,
        "hidden": [shown.text(name) for name in form.hidden],
        "buttons": [shown.text(words) for words in form.buttons],
        "captcha": captcha
        and {
            "field": shown.text(captcha.field),
            "image": shown.url(captcha.image) or None,
            "question": shown.text(captcha.question) or None,
        },
        "fields": [
            {
                "by": shown.text(f.by) or None,
                "kind": f.kind,
                "name": shown.text(f.name) or None,
                "captions": [{"text": shown.text(c.text, 80), "found": c.how} for c in f.captions],
                "choices": [shown.text(c) for c in f.choices],
                "value": shown.value(f.caption, f.value, personal=f.is_identity) or None,
                "wanted": f.is_wanted and bool(f.by),
                "note": f.note or None,
            }
            for f in form.fields
        ],
    }


def _status(status: SeenStatus, shown: Shown) -> JSON:
    reading = status.reading
    return {
        "label": shown.text(reading.label),
        **_meaning(status.meaning),
        "caption": shown.text(status.caption),
        "usual_caption": status.is_usual,
        "layout": status.how,
        "table": status.table or None,
        "reported_on": reading.reported_on.isoformat() if reading.reported_on else None,
        "date_caption": shown.text(status.date_caption) or None,
        "notice": shown.text(reading.notice) if reading.notice else None,
    }


def _meaning(meaning: Meaning | None) -> JSON:
    known = meaning is not None and meaning.known
    return {"status": meaning.status.value if meaning and known else None, "sure": "likely" if known else "unknown"}


def _answer(seen: SeenJson, tr: Translator, shown: Shown) -> JSON:
    return {
        "label_path": f"json:{seen.label_path}" if seen.label_path else None,
        "label": shown.text(seen.label) or None,
        **_meaning(seen.meaning),
        "is_code": seen.number,
        "date_path": f"json:{seen.date_path}" if seen.date_path else None,
        "records": seen.entries,
        "values": [
            {
                "path": shown.text(v.path),
                "value": shown.value(v.key, v.value, personal=v.role == "identity"),
                "role": v.role or None,
                "record": v.entry or None,
            }
            for v in seen.values
        ],
        "problem": _problem(seen.outcome, tr, shown),
    }


def _problem(error: CheckError | None, tr: Translator, shown: Shown) -> JSON | None:
    if error is None:
        return None
    return {"reason": error.reason, "text": outcome_text(error, tr, shown), "evidence": shown.text(error.evidence) or None}


def _talk(probe: Probe, talk: Talk, shown: Shown) -> JSON:
    return {
        "exchanges": len(probe.exchanges),
        "method": talk.asked.method,
        "asked": shown.url(talk.asked.url),
        "url": shown.url(talk.exchange.url),
        "sent": [
            {
                "name": shown.text(s.name),
                "value": shown.sent(s),
                "where": s.where,
                "role": s.role,
            }
            for s in talk.sent
        ],
        "keys": [{"name": shown.text(k.name), "where": k.where, "given": k.is_given} for k in talk.keys],
    }


# --- the proposal ----------------------------------------------------------------------------------------------------


def _proposal(proposal: Proposal, tr: Translator, shown: Shown) -> JSON:
    return {
        "adapter": proposal.adapter,
        "draft": proposal.draft,
        "url": proposal.url,
        "method": proposal.method,
        "body": proposal.body,
        "reference": [
            {
                "name": w.name,
                "choices": [shown.text(c, 60) for c in w.choices],
                "value": fixed_value(w) or None,
                "optional": w.is_optional,
            }
            for w in proposal.wanted
        ],
        "label": proposal.label or None,
        "date": proposal.date or None,
        "unknown_words": [shown.text(word) for word in proposal.words],
        "look": proposal.look or None,
        "first": proposal.first or None,
        "fetches": [
            {
                "name": f.name,
                "place": f.place,
                "url": f.url,
                "method": f.method,
                "body": f.body,
                "sent": [*map(list, f.sent)],
                "header": f.is_header,
            }
            for f in proposal.fetches
        ],
        "body_json": _template(proposal.body_json),
        "reasons": [
            {
                "code": r.code,
                "text": reason_text(r, tr, shown),
                "params": {n: shown.url(v) if n == "url" else shown.text(v) for n, v in r.params.items()},
            }
            for r in proposal.reasons
        ],
        "config": block(proposal, tr, shown),
    }


def _template(tree: object) -> object:
    """A JSON body whose places for the reference are named."""
    if isinstance(tree, Sent):
        return {MARK if tree.role == "reference" else TOKEN_MARK: tree.name}
    if isinstance(tree, dict):
        return {name: _template(value) for name, value in tree.items()}
    return [_template(value) for value in tree] if isinstance(tree, list) else tree


def proposal_of(data: bytes) -> tuple[Proposal, str] | None:
    """(the proposal in a probe's JSON, the page's title); None where the data is no such JSON."""
    try:
        tree = json.loads(data)
        return _from(tree["probe"]["proposal"]), str(tree["probe"]["title"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _from(tree: Mapping[str, Any]) -> Proposal:
    wanted = (
        Wanted(str(w["name"]), tuple(map(str, w["choices"])), str(w["value"] or ""), is_optional=w.get("optional") is True)
        for w in tree["reference"]
    )
    return Proposal(
        adapter=str(tree["adapter"]),
        url=str(tree["url"]),
        wanted=tuple(wanted),
        method=str(tree["method"]),
        body=str(tree["body"]),
        label=str(tree["label"] or ""),
        date=str(tree["date"] or ""),
        words=tuple(map(str, tree["unknown_words"])),
        look=str(tree["look"] or ""),
        first=str(tree["first"] or ""),
        body_json=tree["body_json"],
        drafted=str(tree["draft"]),
        fetches=tuple(_fetch(part) for part in tree.get("fetches", ())),
        reasons=tuple(Reason(str(r["code"]), {str(n): str(v) for n, v in r["params"].items()}) for r in tree["reasons"]),
    )


def _fetch(tree: Mapping[str, Any]) -> Fetch:
    texts = {name: str(tree[name]) for name in ("name", "place", "url", "method", "body")}
    sent = tuple((str(name), str(value)) for name, value in tree["sent"])
    return Fetch(**texts, sent=sent, is_header=tree.get("header") is True)


def template_of(proposal: Proposal) -> object:
    """The body's template, whichever way the proposal came."""
    return _template(proposal.body_json)
