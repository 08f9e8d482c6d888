using Deconfliction.Dashboard.Text;
using Microsoft.AspNetCore.Http;

namespace Deconfliction.Dashboard.Web;

/// <summary>How somebody wants the pages: language and theme.</summary>
public sealed record Look(Language Words, string Theme)
{
    public const string LanguageCookie = "deconfliction-language";
    public const string ThemeCookie = "deconfliction-theme";

    public static Look Of(HttpRequest request) => new(
        Language.Of(request.Cookies[LanguageCookie], request.Headers.AcceptLanguage.ToString()), ThemeOf(request.Cookies[ThemeCookie]));

    public static string ThemeOf(string? text) => text is "light" or "dark" ? text : "auto";
}
