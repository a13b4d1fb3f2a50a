"""Every rule the database holds has a row here that it refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from registry import models as m
from tests.database import list_rules, support_rules, visit_rules

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 1, 1)


def enterprise(**fields: Any) -> m.Enterprise:
    return m.Enterprise.objects.create(
        **{"name": "Cơ khí Thử", "registered_on": DAY, "source": "test", **fields}
    )


def scheme() -> m.CertificationScheme:
    return m.CertificationScheme.objects.create(
        code="S", name="S", kind="system", is_international=True
    )


def certificate(**fields: Any) -> m.Certificate:
    return m.Certificate.objects.create(
        **{
            "enterprise": fields.pop("enterprise", None) or enterprise(),
            "scheme": fields.pop("scheme", None) or scheme(),
            "source": "test",
            **fields,
        }
    )


def overlapping_certificates() -> None:
    holder, of = enterprise(), scheme()
    certificate(
        enterprise=holder, scheme=of, number="AB-12", issued_on=DAY, valid_until=dt.date(2028, 1, 1)
    )
    certificate(
        enterprise=holder,
        scheme=of,
        number="ab 12",
        issued_on=dt.date(2028, 1, 1),
        valid_until=dt.date(2030, 1, 1),
    )


def release(**fields: Any) -> m.Release:
    return m.Release.objects.create(
        **{
            "period": "x",
            "on": DAY,
            "known_at": timezone.now(),
            "rule": fields.pop("rule", None) or rule(),
            "payload": {},
            "sha256": "0" * 64,
            "prepared_by": fields.pop("prepared_by", None) or user(),
            "prepared_at": timezone.now(),
            **fields,
        }
    )


def application(**fields: Any) -> m.Application:
    return m.Application.objects.create(
        **{
            "name": "x",
            "content": {},
            "submitted_by": user(),
            "submitted_at": timezone.now(),
            **fields,
        }
    )


def decided(**fields: Any) -> None:
    """An application changed to this after it was handed in."""
    row = application()
    other = m.User.objects.get_or_create(username="decider")[0]
    values = {"decided_by": other, "decided_at": timezone.now(), "reason": "r", **fields}
    m.Application.objects.filter(pk=row.pk).update(**values)


def splitting(**fields: Any) -> m.Splitting:
    for name in ("source", "made"):
        if name not in fields:
            fields[name] = enterprise()
    return m.Splitting.objects.create(**{"reason": "r", "by": user(), "on": DAY, **fields})


def draft(**fields: Any) -> m.Draft:
    return m.Draft.objects.create(
        **{"by": user(), "data": {}, "saved_at": timezone.now(), **fields}
    )


def draft_twice(**fields: Any) -> None:
    twice(lambda: draft(**fields))


def proposal(**fields: Any) -> m.Proposal:
    return m.Proposal.objects.create(
        **{
            "kind": "verify",
            "subject": "certificate/1",
            "payload": {},
            "version": {},
            "sentence_vi": "x",
            "sentence_en": "x",
            "reason": "x",
            "proposed_by": fields.pop("proposed_by", None) or user(),
            "proposed_at": timezone.now() - dt.timedelta(days=1),
            **fields,
        }
    )


def another() -> m.User:
    return m.User.objects.create(username="another")


def decided_by_its_author() -> None:
    proposal(decided_by=user(), outcome="approved", decided_at=timezone.now())


def spell(**fields: Any) -> m.Spell:
    of = fields.pop("enterprise", None) or enterprise(registered_on=dt.date(2020, 1, 1))
    days = {"since": DAY, "until": DAY + dt.timedelta(days=9)}
    return m.Spell.objects.create(**{"enterprise": of, "kind": "closed", **days, **fields})


def spells_overlap() -> None:
    of = enterprise(registered_on=dt.date(2020, 1, 1))
    spell(enterprise=of, kind="suspended")
    spell(enterprise=of, kind="suspended", since=DAY + dt.timedelta(days=8))


def assignment(**fields: Any) -> m.Assignment:
    of = {} if fields.keys() & {"certificate", "relation"} else {"enterprise": enterprise()}
    return m.Assignment.objects.create(**{**of, "person": user(), "since": DAY, **fields})


def assigned_twice(name: str, row: Any) -> None:
    twice(lambda: assignment(**{name: row}))


def pause(**fields: Any) -> m.IntakePause:
    words = {"notice": "x", "reason": "x", "by": user()}
    return m.IntakePause.objects.create(**{"since": DAY, **words, **fields})


def service_target(**fields: Any) -> m.ServiceTarget:
    return m.ServiceTarget.objects.create(**{"queue": "x", "reason": "x", "by": user(), **fields})


def view(**fields: Any) -> m.SavedView:
    return m.SavedView.objects.create(**{"name": "x", "owner": user(), **fields})


def twice(make: Callable[[], Any]) -> None:
    make()
    make()


def document(**fields: Any) -> m.PlanDocument:
    return m.PlanDocument.objects.create(
        **{
            "code": "D",
            "title": "D",
            "scope": "hanoi",
            "valid_from": DAY,
            "valid_to": DAY,
            **fields,
        }
    )


def target(plan: m.PlanDocument, **fields: Any) -> m.Target:
    return m.Target.objects.create(
        **{
            "document": plan,
            "indicator": "i",
            "operator": "~",
            "low": 1,
            "unit": "%",
            "due_on": DAY,
            "period": "2026",
            "source": "s",
            **fields,
        }
    )


def relation(**fields: Any) -> m.SupplyRelation:
    return m.SupplyRelation.objects.create(
        **{
            "enterprise": enterprise(),
            "tier": 1,
            "buyer": m.Buyer.objects.create(code="B", name="B"),
            **fields,
        }
    )


def two_primary_sectors() -> None:
    holder = enterprise()
    for code in "AB":
        m.EnterpriseSector.objects.create(
            enterprise=holder, sector=m.Sector.objects.create(code=code, name=code), is_primary=True
        )


def pair_twice(model: type, **parents: Any) -> None:
    twice(lambda: model.objects.create(**parents))


def merged_into_itself() -> None:
    row = enterprise()
    m.Enterprise.objects.filter(pk=row.pk).update(merged_on=DAY, merged_into=row)


def user() -> m.User:
    return m.User.objects.get_or_create(username="author")[0]


def rule(**fields: Any) -> m.CountingRule:
    return m.CountingRule.objects.create(
        **{"version": 1, "name": "r", "valid_from": DAY, "reason": "test", **fields}
    )


def one_enterprise() -> m.Enterprise:
    return m.Enterprise.objects.first() or enterprise()


def answer(**fields: Any) -> m.QuestionAnswer:
    return m.QuestionAnswer.objects.create(
        **{
            "kind": "k",
            "fingerprint": "f",
            "enterprise": one_enterprise(),
            "sentence": "s",
            "reason": "r",
            "by": user(),
            "on": DAY,
            **fields,
        }
    )


def decision(
    first: m.Enterprise, second: m.Enterprise, *, turned: bool = False, reason: str = "r"
) -> m.DuplicateDecision:
    pair = (second, first) if turned else (first, second)
    return m.DuplicateDecision.objects.create(
        first=pair[0], second=pair[1], is_same=True, reason=reason, by=user(), on=DAY
    )


def duplicate_decided_twice() -> None:
    first, second = enterprise(), enterprise()
    twice(lambda: decision(first, second))


def merger(**fields: Any) -> m.Merger:
    for name in ("kept", "gone"):
        if name not in fields:
            fields[name] = enterprise()
    return m.Merger.objects.create(**{"reason": "r", "by": user(), "on": DAY, **fields})


def merged_twice() -> None:
    gone = enterprise()
    twice(lambda: merger(gone=gone))


def legacy_mapping_twice() -> None:
    old = m.LegacyWard.objects.create(code="1", name="x", valid_to=DAY)
    new = m.Ward.objects.create(code="1", name="x", kind="ward", valid_from=DAY)
    pair_twice(m.WardMapping, legacy_ward=old, ward=new, is_whole=True)


def batch(**fields: Any) -> m.ImportBatch:
    return m.ImportBatch.objects.create(
        **{"name": "a.csv", "sha256": "0" * 64, "content": b"x", "uploaded_by": user(), **fields}
    )


def import_run(of: m.ImportBatch | None = None, **fields: Any) -> m.ImportRun:
    return m.ImportRun.objects.create(
        **{"batch": of or batch(), "step": "check", "asked_by": user(), "language": "vi", **fields}
    )


def two_runs_at_once() -> None:
    of = batch()
    import_run(of, ended_at=timezone.now())
    import_run(of)
    import_run(of, step="write")


def import_row(of: m.ImportBatch | None = None, **fields: Any) -> m.ImportRow:
    return m.ImportRow.objects.create(
        **{"batch": of or batch(), "number": 1, "outcome": "new", "digest": "x", **fields}
    )


def same_row_twice() -> None:
    of = batch()
    twice(lambda: import_row(of))


def import_decision(of: m.ImportBatch | None = None, **fields: Any) -> m.ImportDecision:
    return m.ImportDecision.objects.create(
        **{"batch": of or batch(), "number": 1, "kind": "same", "by": user(), **fields}
    )


def same_row_decided_twice() -> None:
    of = batch()
    twice(lambda: import_decision(of, same_as=1))


def entered(**fields: Any) -> m.EnteredValue:
    return m.EnteredValue.objects.create(
        **{
            "indicator": "fairs",
            "scope": "hanoi",
            "value": 2,
            "as_of_on": DAY,
            "source": "s",
            "reason": "r",
            "entered_by": user(),
            "entered_at": timezone.now(),
            **fields,
        }
    )


BREAKERS: dict[str, Callable[[], Any]] = {
    "import_batch_status_is_known": lambda: batch(status="lost"),
    "import_batch_written_by_somebody": lambda: batch(status="applied"),
    "import_batch_taken_back_by_somebody": lambda: batch(reversed_by=user()),
    "import_run_one_at_a_time": two_runs_at_once,
    "import_run_step_is_known": lambda: import_run(step="dance"),
    "import_run_failed_is_over": lambda: import_run(problem="x"),
    "import_run_started_is_counted": lambda: import_run(started_at=timezone.now()),
    "import_row_number_once": same_row_twice,
    "import_decision_once": same_row_decided_twice,
    "import_decision_is_one_of_three": lambda: import_decision(apart_from=[1]),
    "import_row_outcome_is_known": lambda: import_row(outcome="odd"),
    "import_row_accepted_could_be_written": lambda: import_row(
        outcome="refused", decision="accept"
    ),
    "register_is_one_row": lambda: m.Register.objects.create(pk=2, kind="real"),
    "enterprise_has_a_name": lambda: enterprise(name=""),
    "enterprise_tax_code_has_its_shape": lambda: enterprise(tax_code="12345"),
    "enterprise_merged_has_day_and_successor": lambda: enterprise(merged_on=DAY),
    "enterprise_not_merged_into_itself": merged_into_itself,
    "enterprise_life_cycle_in_order": lambda: enterprise(closed_on=dt.date(2025, 1, 1)),
    "enterprise_resumed_after_suspended": lambda: enterprise(resumed_on=DAY),
    "enterprise_successor_of_one_that_ended": lambda: enterprise(successor=enterprise()),
    "application_decided_by_and_at": lambda: decided(status="sent_back", decided_at=None),
    "application_decided_by_another": lambda: decided(status="sent_back", decided_by=user()),
    "application_sent_back_with_a_reason": lambda: decided(status="sent_back", reason=""),
    "application_registered_is_an_enterprise": lambda: decided(status="registered"),
    "splitting_makes_another_record": lambda: splitting(
        source=one_enterprise(), made=one_enterprise()
    ),
    "splitting_has_a_reason": lambda: splitting(reason=""),
    "splitting_undone_by_and_on": lambda: splitting(undone_on=DAY),
    "draft_is_of_one_thing": lambda: draft(application=application(), enterprise=enterprise()),
    "draft_of_a_record_once": lambda: draft_twice(enterprise=enterprise()),
    "draft_of_an_application_once": lambda: draft_twice(application=application()),
    "spell_is_in_order": lambda: spell(until=DAY),
    "spell_kind_is_known": lambda: spell(kind="lost"),
    "spell_successor_is_another": lambda: spell(kind="suspended", successor=enterprise()),
    "spells_do_not_overlap": spells_overlap,
    "enterprise_foreign_share_is_percent": lambda: enterprise(foreign_share=101),
    "site_period_in_order": lambda: m.Site.objects.create(
        enterprise=enterprise(), kind="factory", address="x", since=DAY, until=DAY
    ),
    "year_figure_once": lambda: pair_twice(m.YearFigure, enterprise=enterprise(), year=2025),
    "year_figure_year_plausible": lambda: m.YearFigure.objects.create(
        enterprise=enterprise(), year=25
    ),
    "enterprise_sector_once": lambda: pair_twice(
        m.EnterpriseSector,
        enterprise=enterprise(),
        sector=m.Sector.objects.create(code="A", name="A"),
    ),
    "enterprise_has_one_primary_sector": two_primary_sectors,
    "enterprise_vsic_once": lambda: pair_twice(
        m.EnterpriseVsic,
        enterprise=enterprise(),
        vsic=m.VsicCode.objects.create(version="2018", code="1", level=1, name="x"),
    ),
    "enterprise_process_once": lambda: pair_twice(
        m.EnterpriseProcess,
        enterprise=enterprise(),
        process=m.Process.objects.create(code="A", name="A"),
    ),
    "enterprise_material_once": lambda: pair_twice(
        m.EnterpriseMaterial,
        enterprise=enterprise(),
        material=m.Material.objects.create(code="A", name="A"),
    ),
    "certificate_period_in_order": lambda: certificate(
        issued_on=DAY, valid_until=dt.date(2025, 1, 1)
    ),
    "certificate_reinstated_after_suspended": lambda: certificate(reinstated_on=DAY),
    "certificate_evidence_has_its_sum": lambda: certificate(evidence="certificates/x.pdf"),
    "certificate_periods_do_not_overlap": overlapping_certificates,
    "certificate_site_once": lambda: pair_twice(
        m.CertificateSite,
        certificate=certificate(),
        site=m.Site.objects.create(
            enterprise=m.Enterprise.objects.get(), kind="factory", address="x"
        ),
    ),
    "supply_relation_period_in_order": lambda: relation(since=DAY, until=DAY),
    "supply_relation_verified_by_and_on": lambda: relation(verified_on=DAY),
    "supply_relation_proof_of_a_verification": lambda: relation(proof="contract"),
    "supply_relation_looked_at_in_vain": lambda: relation(unverified_because="x"),
    "supply_relation_verified_or_not": lambda: relation(
        verified_on=DAY,
        verified_by=user(),
        unverified_on=DAY,
        unverified_by=user(),
        unverified_because="x",
    ),
    "supply_relation_tier_known": lambda: relation(tier=5),
    "plan_document_period_in_order": lambda: document(valid_to=dt.date(2025, 1, 1)),
    "target_once_per_document": lambda: pair_of_targets(),
    "target_band_in_order": lambda: target(document(), low=40, high=35),
    "baseline_once_per_day": lambda: pair_twice(
        m.Baseline,
        scope="hanoi",
        indicator="i",
        as_of="x",
        as_of_on=DAY,
        qualifier="~",
        value=1,
        source="s",
    ),
    "entered_value_is_of_no_computed_indicator": lambda: entered(indicator="enterprises_total"),
    "entered_value_band_in_order": lambda: entered(high=1),
    "entered_value_period_in_order": lambda: entered(period_from=dt.date(2026, 1, 2)),
    "entered_value_has_source_and_reason": lambda: entered(source=""),
    "entered_value_withdrawn_by_and_on": lambda: entered(withdrawn_on=DAY),
    "entered_value_once_per_day": lambda: twice(entered),
    "counting_rule_approved_by_another": lambda: rule(
        author=user(), approved_by=user(), approved_on=DAY
    ),
    "counting_rule_approved_by_and_on": lambda: rule(approved_on=DAY),
    "counting_rule_age_of_a_confirmation": lambda: rule(
        needs_verification=False, verification_months=12
    ),
    "question_answered_once": lambda: twice(answer),
    "question_answer_has_a_reason": lambda: answer(reason=""),
    "duplicate_decided_once": duplicate_decided_twice,
    "duplicate_pair_in_order": lambda: decision(enterprise(), enterprise(), turned=True),
    "duplicate_decision_has_a_reason": lambda: decision(enterprise(), enterprise(), reason=""),
    "merger_of_two_records": lambda: merger(kept=one_enterprise(), gone=one_enterprise()),
    "merger_gives_up_a_record_once": merged_twice,
    "merger_undone_by_and_on": lambda: merger(undone_on=DAY),
    "contact_read_has_a_reason": lambda: m.ContactRead.objects.create(
        enterprise=enterprise(), by=user(), reason=""
    ),
    "release_approved_by_another": lambda: release(
        prepared_by=user(), approved_by=user(), approved_at=timezone.now()
    ),
    "release_approved_by_and_at": lambda: release(approved_at=timezone.now()),
    "release_has_a_hash": lambda: release(sha256="x"),
    "assignment_of_one_row": lambda: assignment(enterprise=None),
    "assignment_period_in_order": lambda: assignment(until=DAY - dt.timedelta(days=1)),
    "assignment_certificate_has_one": lambda: assigned_twice("certificate", certificate()),
    "assignment_relation_has_one": lambda: assigned_twice("relation", relation()),
    "assignment_enterprise_has_one": lambda: assigned_twice("enterprise", enterprise()),
    "service_target_has_a_reason": lambda: service_target(reason=""),
    "service_target_within_a_year": lambda: service_target(working_days=251),
    "intake_pause_has_words": lambda: pause(notice=""),
    "intake_pause_in_order": lambda: pause(until=DAY - dt.timedelta(days=1)),
    "intake_is_paused_once_at_a_time": lambda: twice(pause),
    "saved_view_has_a_name": lambda: view(name=""),
    "saved_view_name_once": lambda: twice(view),
    "proposal_waits_once": lambda: twice(proposal),
    "proposal_has_words": lambda: proposal(reason=""),
    "proposal_decided_by_and_at": lambda: proposal(outcome="approved"),
    "proposal_decided_by_another": decided_by_its_author,
    "proposal_refused_with_a_reason": lambda: proposal(
        outcome="refused", decided_by=another(), decided_at=timezone.now()
    ),
    "approval_policy_has_a_reason": lambda: m.ApprovalPolicy.objects.create(
        kind="verify", is_required=True, reason="", by=user()
    ),
    "vsic_code_once_per_version": lambda: pair_twice(
        m.VsicCode, version="2018", code="1", level=1, name="x"
    ),
    "hs_code_once_per_version": lambda: pair_twice(m.HsCode, version="2022", code="1", name_en="x"),
    "scheme_edition_once": lambda: pair_twice(m.SchemeEdition, scheme=scheme(), code="2015"),
    "scheme_rungs_last_a_month_at_least": lambda: m.CertificationScheme.objects.create(
        code="x", name="x", kind="system", is_international=True, register_months=0
    ),
    "ward_mapping_once": legacy_mapping_twice,
    **list_rules.BREAKERS,
    **support_rules.BREAKERS,
    **visit_rules.BREAKERS,
    "account_entry_kind_is_known": lambda: m.AccountEntry.objects.create(kind="x"),
    "account_entry_by_somebody_has_a_reason": lambda: m.AccountEntry.objects.create(
        kind="role", person=user(), by=user()
    ),
    "area_part_is_a_ward_or_a_sector": lambda: m.AreaPart.objects.create(person=user()),
    "area_part_once": lambda: pair_twice(m.AreaPart, person=user(), sector=sector()),
}


def sector() -> m.Sector:
    return m.Sector.objects.get_or_create(code="S", name="S")[0]


def pair_of_targets() -> None:
    plan = document()
    twice(lambda: target(plan))


def names_of_constraints() -> set[str]:
    return {
        constraint.name
        for model in apps.get_app_config("registry").get_models()
        for constraint in model._meta.constraints
    }


def test_every_constraint_has_a_breaker():
    assert set(BREAKERS) == names_of_constraints()


@pytest.mark.parametrize("name", sorted(BREAKERS))
def test_the_database_refuses(name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BREAKERS[name]()


def test_who_did_not_propose_it_cannot_withdraw_it():
    with pytest.raises(IntegrityError, match="proposal_decided_by_another"), transaction.atomic():
        proposal(outcome="withdrawn", decided_by=another(), decided_at=timezone.now())


def test_a_decided_proposal_is_for_ever_and_a_policy_is_only_added_to():
    decided = proposal(outcome="approved", decided_by=another(), decided_at=timezone.now())
    policy = m.ApprovalPolicy.objects.create(kind="verify", is_required=True, reason="x", by=user())
    for sql in (
        f"UPDATE registry_proposal SET reason = 'y' WHERE id = {decided.pk}",
        f"DELETE FROM registry_proposal WHERE id = {decided.pk}",
        f"UPDATE registry_approvalpolicy SET is_required = false WHERE id = {policy.pk}",
        f"DELETE FROM registry_approvalpolicy WHERE id = {policy.pk}",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_same_number_later_is_no_overlap():
    holder, of = enterprise(), scheme()
    certificate(
        enterprise=holder,
        scheme=of,
        number="AB-12",
        issued_on=DAY,
        valid_until=dt.date(2027, 12, 31),
    )
    certificate(
        enterprise=holder,
        scheme=of,
        number="AB-12",
        issued_on=dt.date(2028, 1, 1),
        valid_until=dt.date(2030, 1, 1),
    )
    assert m.Certificate.objects.count() == 2


def test_history_catches_raw_sql():
    row = enterprise()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_enterprise SET short_name = 'x' WHERE id = %s", [row.pk])
    events = row._meta.model.objects.get(pk=row.pk).events.order_by("pgh_id")
    assert [event.pgh_label for event in events] == ["insert", "update"]
    assert timezone.is_aware(events[0].pgh_created_at)
