namespace Deconfliction.Domain.Identifiers.Unicode;

internal static class Normalisation
{
    public static string ToNfc(string text) => text;
}
