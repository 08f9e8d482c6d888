using Deconfliction.Domain.Identifiers.Encodings;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>A hash in lower-case hexadecimal of exactly its length.</summary>
internal static class HashRule
{
    public static Ruling Apply(IdentifierKind kind, string text)
    {
        var bytes = kind switch
        {
            IdentifierKind.Md5 => 16,
            IdentifierKind.Sha1 => 20,
            IdentifierKind.Sha256 => 32,
            _ => 64,
        };
        return Apply(IdentifierKinds.Name(kind), bytes, text);
    }

    public static Ruling Apply(string name, int bytes, string text)
    {
        if (text.Length != bytes * 2)
        {
            return Ruling.Refuse(
                "WRONG_HASH_LENGTH",
                $"{Excerpt.Quote(text)} has {text.Length} characters; {name} has {bytes * 2} hexadecimal digits",
                text.Length switch
                {
                    32 => "It has the length of an md5.",
                    40 => "It has the length of a sha1.",
                    64 => "It has the length of a sha256.",
                    128 => "It has the length of a sha512.",
                    _ => "Give the whole hash in hexadecimal, nothing else.",
                });
        }

        return Hex.ToLower(text) is { } canonical
            ? Ruling.Accept(canonical)
            : Ruling.Refuse(
                "NOT_HEXADECIMAL",
                $"{Excerpt.Quote(text)} holds other characters than the hexadecimal digits 0-9 and a-f",
                "Give the hash in hexadecimal.");
    }
}
