namespace Deconfliction.Domain.Identifiers.Hazards;

/// <summary>
/// Addresses that many unrelated people use or nobody does: IANA's special-purpose registries (RFC 6890 and its updates)
/// and multicast, and the public resolvers as their operators document them.
/// </summary>
internal static class BuiltInAddresses
{
    public static readonly (string Block, string Use)[] SpecialPurpose =
    [
        ("0.0.0.0/8", "this network (RFC 791)"),
        ("10.0.0.0/8", "private use (RFC 1918)"),
        ("100.64.0.0/10", "shared address space of providers (RFC 6598)"),
        ("127.0.0.0/8", "loopback (RFC 1122)"),
        ("169.254.0.0/16", "link local (RFC 3927)"),
        ("172.16.0.0/12", "private use (RFC 1918)"),
        ("192.0.0.0/24", "IETF protocol assignments (RFC 6890)"),
        ("192.0.2.0/24", "documentation (RFC 5737)"),
        ("192.31.196.0/24", "AS112 (RFC 7535)"),
        ("192.52.193.0/24", "automatic multicast tunnelling (RFC 7450)"),
        ("192.88.99.0/24", "6to4 relay anycast (RFC 7526)"),
        ("192.168.0.0/16", "private use (RFC 1918)"),
        ("192.175.48.0/24", "AS112 (RFC 7534)"),
        ("198.18.0.0/15", "benchmarking (RFC 2544)"),
        ("198.51.100.0/24", "documentation (RFC 5737)"),
        ("203.0.113.0/24", "documentation (RFC 5737)"),
        ("224.0.0.0/4", "multicast (RFC 5771)"),
        ("240.0.0.0/4", "reserved (RFC 1112)"),
        ("255.255.255.255/32", "limited broadcast (RFC 8190)"),
        ("::/128", "the unspecified address (RFC 4291)"),
        ("::1/128", "loopback (RFC 4291)"),
        ("64:ff9b::/96", "IPv4-IPv6 translation (RFC 6052)"),
        ("64:ff9b:1::/48", "local-use translation (RFC 8215)"),
        ("100::/64", "discard only (RFC 6666)"),
        ("100:0:0:1::/64", "dummy prefix (RFC 9780)"),
        ("2001::/23", "IETF protocol assignments, among them Teredo (RFC 2928, RFC 4380)"),
        ("2001:db8::/32", "documentation (RFC 3849)"),
        ("2002::/16", "6to4 (RFC 3056)"),
        ("2620:4f:8000::/48", "AS112 (RFC 7534)"),
        ("3fff::/20", "documentation (RFC 9637)"),
        ("5f00::/16", "segment routing (RFC 9602)"),
        ("fc00::/7", "unique local (RFC 4193)"),
        ("fe80::/10", "link local (RFC 4291)"),
        ("fec0::/10", "site local, deprecated (RFC 3879)"),
        ("ff00::/8", "multicast (RFC 4291)"),
    ];

    public static readonly (string Operator, string[] Addresses)[] PublicResolvers =
    [
        ("Cloudflare",
        [
            "1.1.1.1", "1.0.0.1", "1.1.1.2", "1.0.0.2", "1.1.1.3", "1.0.0.3", "2606:4700:4700::1111", "2606:4700:4700::1001",
            "2606:4700:4700::1112", "2606:4700:4700::1002", "2606:4700:4700::1113", "2606:4700:4700::1003",
            "2606:4700:4700::64", "2606:4700:4700::6400",
        ]),
        ("Google",
        [
            "8.8.8.8", "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844", "2001:4860:4860::64", "2001:4860:4860::6464",
        ]),
        ("Quad9",
        [
            "9.9.9.9", "149.112.112.112", "9.9.9.10", "149.112.112.10", "9.9.9.11", "149.112.112.11", "2620:fe::fe", "2620:fe::9",
            "2620:fe::10", "2620:fe::fe:10", "2620:fe::11", "2620:fe::fe:11",
        ]),
        ("OpenDNS",
        [
            "208.67.222.222", "208.67.220.220", "208.67.222.123", "208.67.220.123", "2620:119:35::35", "2620:119:53::53",
            "2620:119:35::123", "2620:119:53::123",
        ]),
        ("AdGuard",
        [
            "94.140.14.14", "94.140.15.15", "94.140.14.15", "94.140.15.16", "94.140.14.140", "94.140.14.141",
            "2a10:50c0::ad1:ff", "2a10:50c0::ad2:ff", "2a10:50c0::bad1:ff", "2a10:50c0::bad2:ff", "2a10:50c0::1:ff", "2a10:50c0::2:ff",
        ]),
        ("CleanBrowsing",
        [
            "185.228.168.9", "185.228.169.9", "185.228.168.10", "185.228.169.11", "185.228.168.168", "185.228.169.168",
        ]),
        ("Yandex", ["77.88.8.8", "77.88.8.1", "77.88.8.88", "77.88.8.2", "77.88.8.7", "77.88.8.3"]),
        ("Lumen", ["4.2.2.1", "4.2.2.2", "4.2.2.3", "4.2.2.4", "4.2.2.5", "4.2.2.6"]),
        ("Verisign", ["64.6.64.6", "64.6.65.6", "2620:74:1b::1:1", "2620:74:1c::2:2"]),
        ("Control D", ["76.76.2.0", "76.76.10.0"]),
        ("DNS.WATCH", ["84.200.69.80", "84.200.70.40"]),
        ("114DNS", ["114.114.114.114", "114.114.115.115"]),
        ("AliDNS", ["223.5.5.5", "223.6.6.6"]),
        ("DNSPod", ["119.29.29.29"]),
    ];
}
