using System.Text;
using Deconfliction.Domain.Identifiers.Unicode;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>
/// A bare XMPP address (RFC 7622): the local part by UsernameCaseMapped, the domain as A-labels (the RFC compares U-labels,
/// which are the same names), without the resource, which names a connection and not an account.
/// </summary>
internal static class JidRule
{
    private const int MaximumLocalBytes = 1023;
    private const string Remedy = "Write it like user@example.org.";

    public static Ruling Apply(string text)
    {
        var address = text.StartsWith("xmpp:", StringComparison.OrdinalIgnoreCase) ? text["xmpp:".Length..] : text;
        var slash = address.IndexOf('/', StringComparison.Ordinal);
        address = slash < 0 ? address : address[..slash];
        var at = address.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0)
        {
            return Refuse($"{Excerpt.Quote(text)} names no account: it needs a local part, an @ and a domain");
        }

        if (Precis.Enforce(address[..at], foldsCase: true, out var problem) is not { } local)
        {
            return Refuse($"{Excerpt.Quote(address.AsSpan(0, at))} is not a local part: {problem}");
        }

        // RFC 7622, 3.3.1 takes these out of what the profile allows.
        if (local.AsSpan().ContainsAny("\"&'/:<>@") || Encoding.UTF8.GetByteCount(local) > MaximumLocalBytes)
        {
            return Refuse($"{Excerpt.Quote(local)} is not a local part: too long, or with one of \" & ' / : < > @");
        }

        var domain = DomainName.Canonicalise(address[(at + 1)..]);
        return domain.Canonical is { } name ? Ruling.Accept($"{local}@{name}") : domain;
    }

    private static Ruling Refuse(string problem) => Ruling.Refuse("NOT_A_JID", problem, Remedy);
}
