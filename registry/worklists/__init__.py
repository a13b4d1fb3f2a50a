"""Who does which work in what time, and the lists that officers keep.

Assignments, service-time targets, pauses of the intake with their public notice, and the
officers' list of enterprises with its columns, saved views, bulk changes and exports.
"""
