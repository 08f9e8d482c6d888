using System.Security.Cryptography;
using System.Text;
using Deconfliction.Ledger.Auditing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Dashboard.Access;

/// <summary>Lets in: by the printed link, a named token, the cookie that either gave, or a proxy that is known by its token.</summary>
internal sealed class Admission(
    OneTimeLink link, AccessTokens tokens, Sessions sessions, Attempts attempts, Journal journal, DashboardOptions options, ILogger<Admission> log)
{
    /// <summary>The cookie's name, with the port after it: browsers keep one jar for all ports of a host.</summary>
    public const string Cookie = "deconfliction-ops-";

    private const int LongestName = 64;
    private const string Scheme = "Bearer ";

    /// <summary>Who sends a request; nobody where it does not say or is not believed.</summary>
    public async Task<Session?> IdentifyAsync(HttpContext context)
    {
        await tokens.RefreshAsync(context.RequestAborted);
        if (context.Request.Cookies[NameOf(context)] is { Length: > 0 } secret && sessions.Find(secret) is { } session)
        {
            return IsStillGood(session) ? session : null;
        }

        return FindBearer(context) is { } token ? OfBearer(token, context) : null;
    }

    /// <summary>Whether a session is good yet: its token may have been revoked.</summary>
    public bool IsStillGood(Session session) => session.TokenName is not { } name || tokens.Has(name);

    /// <summary>Whether a request for the figures carries a token.</summary>
    public async Task<bool> HasBearerAsync(HttpContext context)
    {
        await tokens.RefreshAsync(context.RequestAborted);
        return FindBearer(context) is not null;
    }

    /// <summary>Signs in by a link's or a token's secret. The answer's cookie is set; false where it is not believed, or not heard.</summary>
    public async Task<SignInResult> SignInAsync(HttpContext context, string secret)
    {
        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (!attempts.MayTry(address))
        {
            DashboardLog.SignInRefused(log, "too many attempts");
            return SignInResult.TooMany;
        }

        await tokens.RefreshAsync(context.RequestAborted);
        var token = tokens.Find(secret);
        if (token is null && !link.TryUse(secret))
        {
            attempts.Failed(address);
            DashboardLog.SignInRefused(log, "unknown or used token");
            return SignInResult.Refused;
        }

        var (name, role) = token is null ? ("start-link", AccessRole.Operator) : (token.Name, token.Role);
        context.Response.Cookies.Append(NameOf(context), sessions.Open(name, role, token?.Name), CookieOptions(Sessions.Life));
        DashboardLog.SignedIn(log, name, role.ToString());
        await journal.RecordWhenPossibleAsync(name, Operation.SignIn, role.ToString().ToUpperInvariant());
        return SignInResult.Done;
    }

    /// <summary>Signs out.</summary>
    public void SignOut(HttpContext context)
    {
        if (context.Request.Cookies[NameOf(context)] is { } secret)
        {
            sessions.Close(secret);
        }

        context.Response.Cookies.Append(NameOf(context), "", CookieOptions(TimeSpan.Zero));
    }

    /// <summary>Whether a form was made for this session, by this site.</summary>
    public static bool IsGenuine(HttpContext context, IFormCollection form, Session session)
    {
        var fetchedBy = context.Request.Headers["Sec-Fetch-Site"].ToString();
        return fetchedBy is "" or "same-origin" or "none"
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(form["form"].ToString()), Encoding.UTF8.GetBytes(session.FormToken));
    }

    /// <summary>How cookies of these pages are set.</summary>
    public CookieOptions CookieOptions(TimeSpan life) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = options.IsTls,
        Path = "/",
        MaxAge = life,
    };

    private static string NameOf(HttpContext context) => Cookie + context.Connection.LocalPort;

    private AccessToken? FindBearer(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (!attempts.MayTry(address))
        {
            return null;
        }

        var token = tokens.Find(header[Scheme.Length..].Trim());
        if (token is null)
        {
            attempts.Failed(address);
        }

        return token;
    }

    private Session OfBearer(AccessToken token, HttpContext context)
    {
        var named = options.ProxyHeader is { Length: > 0 } header ? context.Request.Headers[header].ToString().Trim() : "";
        var name = named.Length is > 0 and <= LongestName && !named.Any(char.IsControl) ? $"{named} via {token.Name}" : token.Name;
        return sessions.OfProxied(name, token.Role, token.Name);
    }
}

/// <summary>What came of an attempt to sign in.</summary>
internal enum SignInResult
{
    Done,
    Refused,
    TooMany,
}
