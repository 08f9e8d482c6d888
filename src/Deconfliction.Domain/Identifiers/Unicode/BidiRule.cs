namespace Deconfliction.Domain.Identifiers.Unicode;

/// <summary>The Bidi rule of RFC 5893, section 2.</summary>
internal static class BidiRule
{
    public static bool HasRightToLeft(IEnumerable<int> text) => text.Any(code => CodePoints.Of(code).Bidi is "R" or "AL" or "AN");

    public static bool Allows(IReadOnlyList<int> label)
    {
        if (label.Count == 0)
        {
            return true;
        }

        var classes = label.Select(code => CodePoints.Of(code).Bidi).ToList();
        var last = classes.FindLast(bidi => bidi != "NSM");
        return classes[0] switch
        {
            "R" or "AL" => classes.TrueForAll(bidi => bidi is "R" or "AL" or "AN" or "EN" or "ES" or "CS" or "ET" or "ON" or "BN" or "NSM")
                && last is "R" or "AL" or "EN" or "AN"
                && !(classes.Contains("EN") && classes.Contains("AN")),
            "L" => classes.TrueForAll(bidi => bidi is "L" or "EN" or "ES" or "CS" or "ET" or "ON" or "BN" or "NSM") && last is "L" or "EN",
            _ => false,
        };
    }
}
