"""Which network addresses a server may be asked to talk to by its users.

This module is loaded by the process that runs Apprise, so it imports nothing of ours.
"""

from __future__ import annotations

import ipaddress

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(text: str) -> bool:
    """Whether this is an address of the open internet; what is no address at all is not.

    Private, loopback, link-local, shared (RFC 6598), multicast, reserved and unspecified ones are not, nor
    are IPv6 addresses that stand for such an IPv4 address: mapped, compatible, 6to4, NAT64; Teredo never is.
    """
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.teredo is not None:
            return False
        embedded = _embedded(address)
        if embedded is not None:
            return is_public(str(embedded))
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_unspecified
        and not address.is_loopback
        and not address.is_link_local
    )


def is_private_host(host: str) -> bool:
    """Whether a host is known to be inside a network without asking anybody where its name leads."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return not is_public(host)


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64 or address in _IPV4_COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
