"""Filters of the pages of lists."""

from django import template

from registry.imports.summary.reasons import retold

register = template.Library()
register.filter(retold)
