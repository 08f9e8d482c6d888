using System.Buffers;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>An issuer's reference: the issuer in lower case, the value exactly as it is.</summary>
internal static class ReferenceRule
{
    private const int MaximumIssuerLength = 64;
    private const string Example = "ncmec:12345678";
    private static readonly SearchValues<char> IssuerCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    public static Ruling Apply(string text)
    {
        if (!Prefixed.TrySplit(text, out var issuer, out var value))
        {
            return Prefixed.Missing(text, "issuer", Example);
        }

        issuer = issuer.ToLowerInvariant();
        return issuer.Length > MaximumIssuerLength || issuer.AsSpan().ContainsAnyExcept(IssuerCharacters)
            ? Ruling.Refuse(
                "NOT_AN_ISSUER",
                $"{Excerpt.Quote(issuer)} is not an issuer: it needs 1 to 64 letters a-z, digits, hyphens, dots or underscores",
                $"Write it like {Example}.")
            : Ruling.Accept($"{issuer}:{value}");
    }
}
