"""Pages of a list: the first, the last and those around the one shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from registry.web.shared.problems import address

AROUND = 2


@dataclass(frozen=True)
class PageLink:
    """A page, or a gap between pages where ``number`` is 0."""

    number: int
    url: str


@dataclass(frozen=True)
class Pager:
    """Links between the pages of a list."""

    page: int
    pages: int
    links: list[PageLink]
    previous_url: str
    next_url: str


def pager(parameters: QueryDict, page: int, pages: int) -> Pager:
    """Links that keep every other parameter of the address."""

    def url(number: int) -> str:
        return address(parameters, page=str(number) if number > 1 else None)

    near = {1, pages, *range(page - AROUND, page + AROUND + 1)}
    links: list[PageLink] = []
    for number in sorted(one for one in near if 1 <= one <= pages):
        if links and number > links[-1].number + 1:
            links.append(PageLink(0, ""))
        links.append(PageLink(number, url(number)))
    return Pager(
        page=page,
        pages=pages,
        links=links,
        previous_url=url(page - 1) if page > 1 else "",
        next_url=url(page + 1) if page < pages else "",
    )
