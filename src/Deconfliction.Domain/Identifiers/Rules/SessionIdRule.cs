using Deconfliction.Domain.Identifiers.Encodings;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>The Session messenger's account id: 05 and an X25519 public key, 66 hexadecimal digits.</summary>
internal static class SessionIdRule
{
    private const int Length = 66;

    public static Ruling Apply(string text)
    {
        if (text.Length != Length || Hex.ToLower(text) is not { } canonical)
        {
            return Ruling.Refuse(
                "NOT_A_SESSION_ID", $"{Excerpt.Quote(text)} is not a Session id: it needs 66 hexadecimal digits", "Copy the account id from the profile.");
        }

        return canonical.StartsWith("05", StringComparison.Ordinal)
            ? Ruling.Accept(canonical)
            : Ruling.Refuse(
                "NOT_A_SESSION_ID",
                $"{Excerpt.Quote(text)} does not begin with 05: it is a group's id, or one that hides the account in a community",
                "Give the account id, which begins with 05.");
    }
}
