"""What may be an e-mail address: whatever mail could reach, also inside a network without public names."""

from __future__ import annotations

import pytest

from todo_app.domain.errors import Invalid
from todo_app.services.accounts import check_email


@pytest.mark.parametrize(
    "address", ["ada@example.org", " ada@example.org ", "ada@localhost", "a@b", "å@bücher.example"]
)
def test_any_domain_will_do(address: str) -> None:
    assert check_email(address) == address.strip()


@pytest.mark.parametrize(
    "address", ["", "ada", "@b", "a@", "a@b@c", "a b@c", "a@b c", "a@b\nBcc: c@d", f"{'a' * 251}@b.c"]
)
def test_what_no_mail_could_reach_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        check_email(address)
