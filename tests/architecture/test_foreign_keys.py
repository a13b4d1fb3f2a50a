"""Foreign keys named by a string are invisible to import-linter; they point down too."""

from django.apps import apps

from tests.architecture.source import ranks_of_rooms


def room(model):
    return model.__module__.split(".")[1]


def keys():
    """(from, to) of every relation between two models of the register."""
    for model in apps.get_app_config("registry").get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_hidden=True):
            target = field.related_model if field.is_relation and field.concrete else None
            if target is not None and target._meta.app_label == "registry":
                yield f"{model.__name__}.{field.name}", room(model), room(target)


def points_down(source, target, ranks):
    return source == target or ranks[source] > ranks[target]


def test_keys_point_down():
    ranks = ranks_of_rooms()
    found = list(keys())
    assert len(found) > 40
    assert {key for key, source, target in found if not points_down(source, target, ranks)} == set()


def test_the_rule_knows_up_and_sideways():
    ranks = ranks_of_rooms()
    assert points_down("supply", "enterprises", ranks)
    assert not points_down("enterprises", "supply", ranks)
    assert not points_down("supply", "certifications", ranks)
