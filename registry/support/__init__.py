"""Support given to enterprises: programmes, activities, who took part, what was measured,
and certificates of incentives with their yearly reports. Amounts are in VND.
"""
