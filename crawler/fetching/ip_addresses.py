"""Which IP addresses are reachable from everywhere. Pure; needs nothing but the standard library."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

NAT64 = ip_network("64:ff9b::/96")  # carries an IPv4 address in its last four bytes
# All that is handed out to the public; the rest (fec0::/10, ::10.0.0.1 …) some systems still route at home.
GLOBAL_IPV6 = ip_network("2000::/3")


def is_public(address: str) -> bool:
    """Whether an IP address is reachable from everywhere: no loopback, private, link-local or shared one.

    What is no IP address is not.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        return is_public_ipv6(ip)
    return ip.is_global and not ip.is_multicast


def is_public_ipv6(ip: IPv6Address) -> bool:
    """The same for IPv6: one that carries an IPv4 address is as public as that."""
    embedded = ip.ipv4_mapped or ip.sixtofour
    if ip in NAT64:
        embedded = IPv4Address(ip.packed[-4:])
    if embedded:
        return embedded.is_global and not embedded.is_multicast
    return ip in GLOBAL_IPV6 and ip.is_global
