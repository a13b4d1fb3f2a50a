"""Writes numbers one after the other and says each that PostgreSQL has acknowledged.

A program of its own, started by ``test_cluster.py``: ``cluster_writer.py HOME BEGIN CHOICE``.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import psycopg

from config.cluster import Cluster


def main(home: str, begin: int, choice: str) -> None:
    try:
        with Cluster(Path(home), debug=True, choice=choice).connect() as db:
            for number in itertools.count(begin):
                db.execute("INSERT INTO written VALUES (%s)", [number])
                print(number, flush=True)
    except psycopg.OperationalError:
        return  # the server was killed, as the test means to


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
