"""What stops the platform from starting on this machine, each said in one line."""


class CannotStart(Exception):  # noqa: N818  (it is a sentence to a person, and reads as one where it is raised)
    """The platform cannot start here; `str()` is one line: what is wrong and what would help."""
