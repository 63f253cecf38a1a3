"""Everything that may go wrong at the front desk, as one tree.

MeridianError
 +-- BadContent            a file under data/ is wrong: file, line, key, reason
 +-- NotAllowed            the deed is refused (token, role, lock)
 +-- NotFound              no such conversation, opening, appointment, button

Expected outcomes of a deed (an opening was taken meanwhile) are return values,
not exceptions.
"""


class MeridianError(Exception):
    """Base of all errors raised by Meridian itself."""


class BadContent(MeridianError):
    """A file that the clinic edits cannot be used.

    Args:
        file: the file's path as the clinic knows it, relative to the project.
        line: 1-based line of the offending entry, or None where unknown.
        key: dotted path of the entry, "" for the whole file.
        reason: what is wrong, in plain words.
    """

    def __init__(self, file: str, line: int | None, key: str, reason: str) -> None:
        self.file, self.line, self.key, self.reason = file, line, key, reason
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: {key}: {reason}" if key else f"{place}: {reason}")


class NotAllowed(MeridianError):
    """The deed is refused: wrong token, missing role, or a safety lock."""


class NotFound(MeridianError):
    """No such thing, or it belongs to somebody else."""
