"""What officers do with the rows of a list: narrow them down, decide on them, take repairs,
put mended cells back, take the list over. Bottom to top: ``filters → queries → actions``.
"""
