"""Four eyes: done at once or kept, decided by another, overtaken where things changed."""

from __future__ import annotations

import datetime as dt

import pghistory.models
import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from registry import models as m
from registry.accounts.enums import Role
from registry.approvals import actions
from registry.approvals.actions import approve, ask, refuse, set_policy, withdraw
from registry.approvals.kinds import KINDS
from registry.approvals.queries import needs_second_person, policies
from registry.certifications.actions import LookRefused, record_verification
from registry.dashboard.figures import figure
from registry.desk.actions import CannotMerge
from tests.approvals.conftest import TODAY, account, look, proposed
from tests.factories import EnterpriseFactory

pytestmark = pytest.mark.django_db
HEADLINE = "share_international_standard"


def share():
    return str(figure(HEADLINE, TODAY).value)


def events():
    """Every recorded change of the register's own tables but the proposals'."""
    return sum(
        model.objects.count()
        for model in (m.VerificationStepEvent, m.CertificateEvent, m.EnterpriseEvent)
    )


def test_without_a_policy_it_is_done_at_once(certificate, verifier):
    answer = ask(kind="verify", payload=look(certificate), reason="seen", by=verifier)
    assert answer.proposal is None
    assert answer.result == certificate.verifications.get()
    assert (answer.result.by, m.Proposal.objects.count()) == (verifier, 0)


def test_with_a_policy_nothing_is_written_until_another_approves(
    certificate, verifier, second, two_decide
):
    two_decide("verify")
    before = events()
    proposal = proposed(certificate, verifier)
    assert (certificate.verifications.count(), events(), share()) == (0, before, "0.0")
    assert {one["code"]: (one["before"], one["after"]) for one in proposal.foreseen}[HEADLINE] == (
        "0.0",
        "50.0",
    )
    done = approve(proposal=proposal, reason="looked too", by=second)
    step = certificate.verifications.get()
    assert (done.outcome, done.decided_by, done.decision_reason) == (
        "approved",
        second,
        "looked too",
    )
    assert (step.by, step.source_seen, share()) == (verifier, "https://body.example", "50.0")
    assert {one["code"]: one["after"] for one in done.moved}[HEADLINE] == "50.0"


def test_both_persons_stand_in_the_history_as_one_act(certificate, verifier, second, two_decide):
    two_decide("verify")
    with override("vi"):
        proposal = approve(proposal=proposed(certificate, verifier), reason="", by=second)
    step = m.VerificationStepEvent.objects.get()
    decided = m.ProposalEvent.objects.get(pgh_label="update")
    assert step.pgh_context_id == decided.pgh_context_id
    context = pghistory.models.Context.objects.get(pk=step.pgh_context_id)
    assert context.metadata == {
        "user": second.pk,
        "reason": f"seen (đề nghị số {proposal.pk} của ha, người thứ hai đã duyệt)",
    }
    entered = m.ProposalEvent.objects.get(pgh_label="insert")
    context = pghistory.models.Context.objects.get(pk=entered.pgh_context_id)
    assert context.metadata == {"user": verifier.pk, "reason": "seen"}


def test_who_proposed_it_cannot_decide_it(certificate, verifier, two_decide):
    two_decide("verify")
    proposal = proposed(certificate, verifier)
    for decide in (approve, refuse):
        with pytest.raises(actions.SamePerson):
            decide(proposal=proposal, reason="x", by=verifier)
    assert m.Proposal.objects.get().outcome == ""
    assert withdraw(proposal=proposal, reason="", by=verifier).outcome == "withdrawn"


def test_only_who_has_the_right_asks_and_decides(certificate, verifier, second, two_decide):
    two_decide("verify")
    officer = account("lan", Role.OFFICER)
    with pytest.raises(PermissionDenied):
        ask(kind="verify", payload=look(certificate), reason="seen", by=officer)
    proposal = proposed(certificate, verifier)
    for decide in (approve, refuse, withdraw):
        with pytest.raises(PermissionDenied):
            decide(proposal=proposal, reason="x", by=officer)
    with pytest.raises(PermissionDenied):
        withdraw(proposal=proposal, reason="x", by=second)


def test_refused_writes_nothing_but_the_refusal(certificate, verifier, second, two_decide):
    two_decide("verify")
    proposal = proposed(certificate, verifier)
    before = events()
    assert refuse(proposal=proposal, reason="blurred", by=second).outcome == "refused"
    assert (events(), certificate.verifications.count()) == (before, 0)
    with pytest.raises(actions.AlreadyDecided):
        approve(proposal=proposal, reason="", by=second)
    assert proposed(certificate, verifier).outcome == ""  # and can be proposed anew


def test_the_same_waits_once(certificate, verifier, second, two_decide):
    two_decide("verify")
    proposed(certificate, verifier)
    with pytest.raises(actions.AlreadyWaiting):
        proposed(certificate, second, outcome="refuted", note="false")
    set_policy(kind="verify", is_required=False, reason="r", by=account("root", Role.ADMIN))
    with pytest.raises(actions.AlreadyWaiting):
        proposed(certificate, second)


def test_what_changed_since_overtakes_it(certificate, verifier, second, two_decide):
    two_decide("verify")
    proposal = proposed(certificate, verifier)
    record_verification(
        certificate=certificate, method="document", outcome="refuted", source_seen="",
        note="forged stamp", on=TODAY, by=second, reason="by another way",
    )  # fmt: skip
    done = approve(proposal=proposal, reason="", by=second)
    assert (done.outcome, certificate.verifications.get().outcome) == ("overtaken", "refuted")
    assert "forged stamp" in done.decision_reason
    assert share() == "0.0"


def test_a_change_of_another_record_does_not_overtake_it(certificate, verifier, second, two_decide):
    two_decide("verify")
    proposal = proposed(certificate, verifier)
    other = EnterpriseFactory(in_hanoi=True)
    other.website = "https://other.example"
    other.save()
    assert approve(proposal=proposal, reason="", by=second).outcome == "approved"


def test_what_the_action_refuses_is_refused_when_asked(certificate, verifier, two_decide):
    two_decide("verify")
    tomorrow = (TODAY + dt.timedelta(days=1)).isoformat()
    with pytest.raises(LookRefused):
        proposed(certificate, verifier, on=tomorrow)
    assert m.Proposal.objects.count() == 0


def test_a_withdrawal_lowers_the_share_only_when_approved(
    certificate, verifier, second, two_decide
):
    ask(kind="verify", payload=look(certificate), reason="seen", by=verifier)
    two_decide("withdraw")
    payload = {"certificate": certificate.pk, "on": TODAY.isoformat()}
    proposal = ask(kind="withdraw", payload=payload, reason="letter", by=verifier).proposal
    assert share() == "50.0"
    approve(proposal=proposal, reason="", by=second)
    certificate.refresh_from_db()
    assert (certificate.withdrawn_on, share()) == (TODAY, "0.0")
    again = {"kind": "withdraw", "payload": payload, "reason": "r", "by": verifier}
    with pytest.raises(tuple(KINDS["withdraw"].refusals)):
        ask(**again)


def test_a_merger_waits_and_is_overtaken_by_a_new_site(two_decide):
    lan, minh = account("lan", Role.OFFICER), account("minh", Role.OFFICER)
    two_decide("merge", "undo-merger")
    kept, gone = EnterpriseFactory(in_hanoi=True), EnterpriseFactory(in_hanoi=True)
    payload = {"kept": kept.pk, "gone": gone.pk, "choose": {"name": "gone"}}
    asked = {"kind": "merge", "payload": payload, "reason": "one firm", "by": lan}
    proposal = ask(**asked).proposal
    gone.refresh_from_db()
    assert gone.merged_on is None
    gone.sites.create(kind="factory", address="Lô 5")
    assert approve(proposal=proposal, reason="", by=minh).outcome == "overtaken"
    proposal = ask(**asked).proposal
    assert approve(proposal=proposal, reason="", by=minh).outcome == "approved"
    merger = m.Merger.objects.get()
    assert (merger.by, merger.gone) == (minh, gone)
    with pytest.raises(CannotMerge):
        ask(**asked)
    undo = ask(kind="undo-merger", payload={"merger": merger.pk}, reason="error", by=lan).proposal
    assert approve(proposal=undo, reason="", by=minh).outcome == "approved"
    gone.refresh_from_db()
    assert gone.merged_on is None


def test_a_change_is_taken_back_by_two(two_decide):
    lan, minh = account("lan", Role.OFFICER), account("minh", Role.OFFICER)
    two_decide("take-back")
    enterprise = EnterpriseFactory(in_hanoi=True, website="https://old.example")
    enterprise.website = "https://new.example"
    enterprise.save()
    event = enterprise.events.filter(pgh_label="update").get()
    payload = {"table": "enterprise", "event": event.pgh_id, "how": "change"}
    proposal = ask(kind="take-back", payload=payload, reason="typing error", by=lan).proposal
    enterprise.refresh_from_db()
    assert enterprise.website == "https://new.example"
    approve(proposal=proposal, reason="", by=minh)
    enterprise.refresh_from_db()
    assert enterprise.website == "https://old.example"


def test_what_can_no_longer_be_done_keeps_waiting_and_says_why(two_decide):
    lan, minh = account("lan", Role.OFFICER), account("minh", Role.OFFICER)
    two_decide("take-back")
    enterprise = EnterpriseFactory(website="https://a.example")
    for site in ("https://b.example", "https://c.example"):
        event = enterprise.events.order_by("pgh_id").last()
        enterprise.website = site
        enterprise.save()
    event = enterprise.events.order_by("pgh_id").last()
    payload = {"table": "enterprise", "event": event.pgh_id, "how": "change"}
    proposal = ask(kind="take-back", payload=payload, reason="r", by=lan).proposal
    enterprise.website = "https://d.example"
    enterprise.save()
    with pytest.raises(actions.CannotBeDone):
        approve(proposal=proposal, reason="", by=minh)
    proposal.refresh_from_db()
    enterprise.refresh_from_db()
    assert (proposal.outcome, enterprise.website) == ("", "https://d.example")


def test_the_policy_is_added_to_and_the_last_one_holds(admin, verifier):
    assert [one.is_required for one in policies()] == [False] * len(KINDS)
    set_policy(kind="merge", is_required=True, reason="order 1", by=admin)
    assert needs_second_person("merge")
    set_policy(kind="merge", is_required=False, reason="order 2", by=admin)
    assert not needs_second_person("merge")
    kept = m.ApprovalPolicy.objects.order_by("pk").values_list("reason", "is_required", "by")
    assert list(kept) == [("order 1", True, admin.pk), ("order 2", False, admin.pk)]
    with pytest.raises(PermissionDenied):
        set_policy(kind="merge", is_required=False, reason="r", by=verifier)


def test_closing_waits_and_only_its_own_life_overtakes_it(two_decide):
    lan, minh = account("lan", Role.OFFICER), account("minh", Role.OFFICER)
    two_decide("close", "reopen")
    enterprise = EnterpriseFactory(in_hanoi=True)
    payload = {"enterprise": enterprise.pk, "on": TODAY.isoformat()}
    asked = {"kind": "close", "payload": payload, "reason": "licence returned", "by": lan}
    proposal = ask(**asked).proposal
    assert {one["code"]: (one["before"], one["after"]) for one in proposal.foreseen}[
        "enterprises_total"
    ] == ("1", "0")
    enterprise.products.create(name="Trục")
    assert approve(proposal=proposal, reason="", by=minh).outcome == "approved"
    enterprise.refresh_from_db()
    assert enterprise.closed_on == TODAY
    with pytest.raises(tuple(KINDS["close"].refusals)):
        ask(**asked)
    with pytest.raises(tuple(KINDS["close"].refusals)):
        ask(**{**asked, "payload": {**payload, "on": "2026-02-30"}})
