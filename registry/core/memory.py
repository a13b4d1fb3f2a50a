"""How much memory a process has held, where the system tells (Linux)."""

from __future__ import annotations

from pathlib import Path

KB = 1024


def most_memory(pid: int | None = None) -> int | None:
    """The most resident memory that a process ever held, in bytes; by default this one's.

    None where the system does not tell, and for a process that has ended. (What ``getrusage``
    says of children is no measure: a child inherits the peak of the process it came from.)
    """
    status = Path(f"/proc/{pid or 'self'}/status")
    try:
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
    except (OSError, StopIteration):
        return None
    return int(line.split()[1]) * KB


def forget_most_memory() -> None:
    """Begin anew to remember the most memory this process held, where the system can."""
    place = Path("/proc/self/clear_refs")
    if place.exists():
        place.write_text("5")
