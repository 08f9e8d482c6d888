namespace Deconfliction.Domain.Identifiers.Unicode;

internal static class Idna
{
    public static Ruling ToAscii(string name) => Ruling.Accept(name.ToLowerInvariant());
}
