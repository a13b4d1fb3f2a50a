"""The fictional sample register: true to life in shape, about nobody in fact.

``generator`` invents enterprises from a seed (same seed, size and day: same rows),
``actions`` writes them through the actions of the rooms they belong to. What they make,
where they sit and whom they supply is data in ``data/``. Real are only the code lists:
wards, parks, schemes, bodies and buyers. Every tax code begins with 99, every address of
the internet ends in ``.example``, every telephone number has 0000 after the city's code.
"""
