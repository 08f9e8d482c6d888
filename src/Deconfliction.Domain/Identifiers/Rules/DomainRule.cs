using Deconfliction.Domain.Identifiers.Unicode;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>A domain name in the form of UTS-46 (<see cref="DomainName"/>). Onion services have their own kind.</summary>
internal static class DomainRule
{
    public static Ruling Apply(string text)
    {
        var ruling = DomainName.IsCanonicalAscii(text) ? Ruling.Accept(text) : DomainName.Canonicalise(text);
        return ruling.Canonical?.EndsWith(".onion", StringComparison.Ordinal) == true
            ? Ruling.Refuse("HAS_ITS_OWN_KIND", $"{Excerpt.Quote(text)} is an onion service, not a name of the DNS (RFC 7686)", "Use kind onion.")
            : ruling;
    }
}
