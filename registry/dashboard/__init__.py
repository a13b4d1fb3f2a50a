"""Figures of the plan, from the same rows that buyers search.

One definition per indicator and one queryset per figure: page, list, download and
command all ask ``figures``.
"""
