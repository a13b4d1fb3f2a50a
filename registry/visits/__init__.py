"""Site visits: what an officer saw at an enterprise, with photos; also written without a
connection and sent later, once and never twice.
"""
