"""The errors that services raise; each edge (page, REST, CLI) turns them into its own words once."""

from __future__ import annotations


class DomainError(Exception):
    """Something the person can understand and mend; ``str()`` of it is shown to them."""


class NotFound(DomainError):
    """The object does not exist, or belongs to somebody else, which must look the same."""

    def __init__(self, what: str) -> None:
        super().__init__(f"This {what} does not exist any more.")
        self.what = what


class Invalid(DomainError):
    """A value that can't be accepted, with the field it came in."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


class Conflict(DomainError):
    """Somebody changed the same field since the person saw it: both values are carried along."""

    def __init__(self, field: str, *, theirs: object, mine: object) -> None:
        super().__init__(f"The {field} was changed elsewhere in the meantime.")
        self.field = field
        self.theirs = theirs
        self.mine = mine


class Stale(DomainError):
    """A program knows an object as it was some versions ago; ``current`` is the document of it as it is."""

    def __init__(self, what: str, current: object) -> None:
        super().__init__(f"The {what} was changed in the meantime.")
        self.what = what
        self.current = current


class KeyReused(DomainError):
    """A key that belongs to one request came with another one."""

    def __init__(self, field: str) -> None:
        super().__init__(
            "This key was sent with another request before. Each request needs a key of its own."
        )
        self.field = field


class NameTaken(DomainError):
    """Another object of the same kind bears this name already."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"There is already a {what} called “{name}”.")
        self.field = "name"


class AddressTaken(DomainError):
    """An e-mail address has an account already."""

    def __init__(self) -> None:
        super().__init__("This address has an account already. Log in instead.")
        self.field = "email"


class Unauthenticated(DomainError):
    """Nobody is logged in, or the session has ended."""

    def __init__(self) -> None:
        super().__init__("Please log in again.")


class Forbidden(DomainError):
    """The person is known but may not do this."""


class WrongCredentials(DomainError):
    """E-mail and password do not belong together; never says which of them is wrong."""

    def __init__(self) -> None:
        super().__init__("E-mail or password is wrong.")


class TooManyAttempts(DomainError):
    """A throttle is closed for now."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many attempts. Try again in {max(1, round(retry_after / 60))} min.")
        self.retry_after = retry_after


class TooManyRequests(TooManyAttempts):
    """A program or a page has used up what it may ask for in a minute."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.args = (f"Too many requests. Try again in {retry_after} s.",)
