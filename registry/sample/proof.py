"""Certificates of an invented enterprise: every state they can be in, each look at them."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Callable
from typing import Any

from registry.certifications.actions import CertificateDraft, LookDraft
from registry.certifications.models import VerificationStep
from registry.sample.chance import before, between, weighted
from registry.sample.character import NOBODY, Character
from registry.sample.codes import Codes, EditionRow, SchemeRow
from registry.sample.names import uncapital

HALF_A_YEAR = dt.timedelta(days=180)
UNSTATED_MONTHS = 36
"""Printed validity where the scheme sets none: what bodies usually print."""

USUAL = (("iso9001", 15), ("iso14001", 3), ("iso45001", 1))
DOMESTIC = (("tcvn", 4), ("qcvn-cr", 3), ("hanoi-key-product", 2), ("hvnclc", 2), ("5s", 3))
BESIDE = (("iso14001", 5), ("iso45001", 2), ("iso50001", 1))

SYSTEM_BODIES = (
    ("quacert", 6), ("vinacert", 4), ("vinacontrol-ce", 3), ("knacert", 3), ("bsi", 4),
    ("sgs", 4), ("bureau-veritas", 4), ("tuv-nord", 3), ("tuv-rheinland", 2), ("intertek", 2),
    ("dnv", 2), ("jqa", 2), ("nqa", 1), ("dqs", 1), ("lrqa", 1), ("afnor", 1),
)  # fmt: skip
BODIES = {
    "iatf16949": (("tuv-nord", 3), ("tuv-sud", 2), ("bsi", 2), ("sgs", 2), ("dnv", 1)),
    "ul": (("ul", 1),),
    "oekotex100": (("hohenstein", 2), ("testex", 2)),
    "oekotex-step": (("hohenstein", 1), ("testex", 1)),
    "gots": (("control-union", 2), ("idfl", 1)),
    "grs-rcs": (("control-union", 2), ("idfl", 1)),
    "tcvn": (("quacert", 2), ("quatest1", 3), ("vinacert", 1)),
    "qcvn-cr": (("quatest1", 3), ("quatest3", 1), ("vinacontrol-ce", 1)),
}
NO_BODY = {"hanoi-key-product", "hvnclc", "5s", "lwg", "bluesign"}

CONFIRMED = VerificationStep.Outcome.CONFIRMED.value
REFUTED = VerificationStep.Outcome.REFUTED.value
NOT_FOUND = VerificationStep.Outcome.NOT_FOUND.value
METHODS = (
    (VerificationStep.Method.BODY_REGISTER.value, 6),
    (VerificationStep.Method.BODY_ASKED.value, 2),
    (VerificationStep.Method.DOCUMENT.value, 1),
    (VerificationStep.Method.SITE.value, 1),
)
SEEN = "Tra cứu dữ liệu mẫu"


@dc.dataclass
class Maker:
    """Makes the certificates of one enterprise; numbers them in their order."""

    who: Character
    codes: Codes
    source: str
    made: int = 0

    def certificate(
        self, scheme: SchemeRow, issued_on: dt.date | None, **more: Any
    ) -> CertificateDraft:
        """Of that day, ending when the scheme's validity does unless ``more`` says else."""
        who, rng = self.who, self.who.rng
        self.made += 1
        body = "" if scheme.code in NO_BODY else self.body(scheme.code)
        body_id, accreditation_id = self.codes.bodies.get(body, (None, None))
        until = end_of(scheme, issued_on) if issued_on else None
        edition = edition_for(self.codes.editions.get(scheme.code, ()), issued_on, until)
        draft = CertificateDraft(
            enterprise_id=NOBODY,
            scheme_id=scheme.pk,
            edition_id=edition.pk if edition else None,
            number="" if who.has(0.03) else self.number(body),
            body_id=body_id,
            accreditation_body_id=accreditation_id if rng.random() < 0.8 else None,
            scope=f"Sản xuất: {uncapital(who.line.name)}",
            issued_on=issued_on,
            valid_until=until,
            source=self.source,
        )
        return dc.replace(draft, **more)

    def body(self, scheme: str) -> str:
        return weighted(self.who.rng, BODIES.get(scheme, SYSTEM_BODIES))

    def number(self, body: str) -> str:
        """Tells the sample's numbers (MAU, "sample") from any real body's."""
        head = body.split("-")[0].upper() or "VN"
        return f"MAU-{head}-{self.who.number:06d}/{self.made:02d}"

    def scheme(self, *weights: tuple[tuple[str, int], ...]) -> SchemeRow:
        return self.codes.schemes[weighted(self.who.rng, sum(weights, ()))]

    def international(self) -> SchemeRow:
        """Mostly ISO 9001, else what the line of business asks for."""
        wanted = tuple(
            (code, weight)
            for code, weight in self.who.line.schemes
            if self.codes.schemes[code].is_international
        )
        return self.scheme(USUAL, wanted)

    def look(
        self, draft: CertificateDraft, outcome: str = CONFIRMED, within: int = 45
    ) -> CertificateDraft:
        """The officer's look, soon after issue and registration, and never after today.

        A certificate that ended before the enterprise was registered is not looked at.
        """
        who = self.who
        first = max(draft.issued_on or who.registered_on, who.registered_on)
        last = min(who.on, draft.valid_until or who.on, draft.withdrawn_on or who.on)
        if draft.looks:
            first = draft.looks[-1].on
        if first > last:
            return draft
        on = min(last, first + dt.timedelta(days=who.rng.randint(1, within)))
        step = LookDraft(
            on=on,
            outcome=outcome,
            method=weighted(who.rng, METHODS),
            source_seen=SEEN,
        )
        return dc.replace(draft, looks=(*draft.looks, step))

    def running(self, scheme: SchemeRow, least: int = 5) -> dt.date:
        """A day of issue such that a certificate of the scheme runs today."""
        days = (end_of(scheme, self.who.on) - self.who.on).days
        return before(self.who.rng, self.who.on, least, days - 8)


def certificates(who: Character, codes: Codes, source: str) -> tuple[CertificateDraft, ...]:
    """What the card says, with the certificates before it and others beside it."""
    card = who.hand["proof"]
    if card == "none":
        return ()
    maker = Maker(who, codes, source)
    drafts = MAKERS[card](maker)
    if card != "domestic" and who.has(0.12):
        drafts += domestic(maker)
    return tuple(drafts)


def counting(maker: Maker) -> list[CertificateDraft]:
    """Runs today and was confirmed; some were suspended once, some of a scheme still are."""
    who = maker.who
    scheme = maker.international()
    issued_on = maker.running(scheme)
    draft = maker.certificate(scheme, issued_on)
    before_it = earlier(maker, scheme, issued_on)
    draft = maker.look(draft, within=5 if before_it else 45)
    if not before_it and who.has(0.1):
        draft = maker.look(dc.replace(draft, looks=()), NOT_FOUND)
    if draft.looks[-1].outcome != CONFIRMED or who.has(0.3):
        draft = maker.look(draft)
    if scheme.counts_while_suspended and who.has(0.08):
        draft = dc.replace(draft, suspended_on=between(who.rng, issued_on, who.on))
    elif who.has(0.05):
        suspended_on = between(who.rng, issued_on, who.on)
        reinstated_on = between(who.rng, suspended_on, who.on)
        draft = dc.replace(draft, suspended_on=suspended_on, reinstated_on=reinstated_on)
    return [*before_it, draft, *beside(maker, scheme)]


def earlier(
    maker: Maker, scheme: SchemeRow, issued_on: dt.date, share: float = 0.65
) -> list[CertificateDraft]:
    """The certificate before, which ended the day before this one began; and its own."""
    if not maker.who.has(share):
        return []
    months = scheme.months or UNSTATED_MONTHS
    first_day = months_after(issued_on, -months)
    draft = maker.certificate(scheme, first_day, valid_until=issued_on - dt.timedelta(days=1))
    return [*earlier(maker, scheme, first_day, share=0.3), maker.look(draft)]


def beside(maker: Maker, main: SchemeRow) -> list[CertificateDraft]:
    """For a third, a second certificate of another scheme; most of these were confirmed."""
    scheme = maker.scheme(BESIDE, maker.who.line.schemes)
    if scheme.pk == main.pk or not maker.who.has(0.35):
        return []
    draft = maker.certificate(scheme, maker.running(scheme))
    return [maker.look(draft) if maker.who.has(0.75) else draft]


def unverified(maker: Maker) -> list[CertificateDraft]:
    scheme = maker.international()
    return [maker.certificate(scheme, maker.running(scheme))]


def refuted(maker: Maker) -> list[CertificateDraft]:
    """Found false, for some only when the officer looked again."""
    (draft,) = unverified(maker)
    if maker.who.has(0.5):
        draft = maker.look(draft)
    return [maker.look(draft, REFUTED)]


def not_found(maker: Maker) -> list[CertificateDraft]:
    (draft,) = unverified(maker)
    return [maker.look(draft, NOT_FOUND)]


def expired(maker: Maker) -> list[CertificateDraft]:
    scheme = maker.international()
    valid_until = before(maker.who.rng, maker.who.on, 5, 800)
    issued_on = months_after(valid_until, -(scheme.months or UNSTATED_MONTHS))
    draft = maker.certificate(scheme, issued_on, valid_until=valid_until)
    return [maker.look(draft)]


def suspended(maker: Maker) -> list[CertificateDraft]:
    """Of a scheme whose suspended certificates do not count."""
    scheme = maker.scheme(USUAL)
    issued_on = maker.running(scheme, least=60)
    suspended_on = between(maker.who.rng, issued_on, maker.who.on - dt.timedelta(days=1))
    draft = maker.certificate(scheme, issued_on, suspended_on=suspended_on)
    return [maker.look(draft)]


def withdrawn(maker: Maker) -> list[CertificateDraft]:
    scheme = maker.international()
    issued_on = maker.running(scheme, least=60)
    withdrawn_on = between(maker.who.rng, issued_on, maker.who.on - dt.timedelta(days=1))
    draft = maker.certificate(scheme, issued_on, withdrawn_on=withdrawn_on)
    return [maker.look(draft)]


def unknown_dates(maker: Maker) -> list[CertificateDraft]:
    """Without a day of issue, without an end, or without both."""
    scheme = maker.international()
    draft = maker.certificate(scheme, maker.running(scheme))
    kept = maker.who.rng.choice(("issued_on", "valid_until", ""))
    blank: dict[str, Any] = {name: None for name in ("issued_on", "valid_until") if name != kept}
    draft = dc.replace(draft, **blank)
    return [maker.look(draft) if maker.who.has(0.5) else draft]


def not_yet(maker: Maker) -> list[CertificateDraft]:
    first_day = maker.who.on + dt.timedelta(days=maker.who.rng.randint(5, 60))
    return [maker.certificate(maker.scheme(USUAL), first_day)]


def old_edition(maker: Maker) -> list[CertificateDraft]:
    """Still within its printed dates, but of an edition that was withdrawn.

    Where no edition was withdrawn of late, a certificate that expired.
    """
    on = maker.who.on
    dead = [
        (scheme, edition)
        for scheme, editions in sorted(maker.codes.editions.items())
        for edition in editions
        if edition.withdrawn_on and months_after(on, -24) < edition.withdrawn_on <= on
    ]
    if not dead:
        return expired(maker)
    code, edition = maker.who.rng.choice(dead)
    scheme = maker.codes.schemes[code]
    last = edition.withdrawn_on or on
    issued_on = between(maker.who.rng, months_after(on, -35), months_after(last, -1))
    return [maker.look(maker.certificate(scheme, issued_on, edition_id=edition.pk))]


def domestic(maker: Maker) -> list[CertificateDraft]:
    scheme = maker.scheme(DOMESTIC)
    draft = maker.certificate(scheme, maker.running(scheme))
    return [maker.look(draft) if maker.who.has(0.6) else draft]


MAKERS: dict[str, Callable[[Maker], list[CertificateDraft]]] = {
    "counting": counting,
    "unverified": unverified,
    "refuted": refuted,
    "not_found": not_found,
    "expired": expired,
    "suspended": suspended,
    "withdrawn": withdrawn,
    "unknown_dates": unknown_dates,
    "not_yet": not_yet,
    "old_edition": old_edition,
    "domestic": domestic,
}


def end_of(scheme: SchemeRow, issued_on: dt.date) -> dt.date:
    """The last valid day of a certificate issued on a day."""
    months = scheme.months or UNSTATED_MONTHS
    return months_after(issued_on, months) - dt.timedelta(days=1)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of the month; the 28th for those that not every month has."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, 28))


def edition_for(
    editions: tuple[EditionRow, ...], issued_on: dt.date | None, until: dt.date | None
) -> EditionRow | None:
    """The edition that bodies certify to on that day and that lives as long.

    Half a year after its publication certificates are issued to a new one.

    An edition without a day of publication is taken only where it is the only one.
    """
    if issued_on is None or until is None:
        return None
    if len(editions) == 1:
        return editions[0]
    known = [
        (edition.published_on, edition)
        for edition in editions
        if edition.published_on
        and edition.published_on + HALF_A_YEAR <= issued_on
        and not (edition.withdrawn_on and edition.withdrawn_on <= until)
    ]
    return max(known, key=lambda pair: pair[0])[1] if known else None
