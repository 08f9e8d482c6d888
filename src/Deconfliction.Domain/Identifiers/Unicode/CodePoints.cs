using System.Globalization;

namespace Deconfliction.Domain.Identifiers.Unicode;

internal static class CodePoints
{
    public static (string Reason, string Description)? WhyUnwanted(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        UnicodeCategory.Control => ("CONTROL_CHARACTER", "a control character"),
        UnicodeCategory.Format => ("INVISIBLE_CHARACTER", "an invisible character"),
        UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => ("UNASSIGNED_CHARACTER", "no character of Unicode"),
        _ => null,
    };
}
