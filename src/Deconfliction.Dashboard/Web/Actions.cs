using Deconfliction.Dashboard.Access;
using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Pages;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Auditing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Dashboard.Web;

/// <summary>What is done on the pages. Each form brings back what it was given; each act is recorded.</summary>
internal sealed class Actions(
    Admission admission, AccessTokens tokens, Journal journal, INodeControl control, Renderer renderer, ILogger<Actions> log)
{
    private const int LongestNode = 100;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Does what a form asks for; false where there is no such form.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext context, Session session, Look look)
    {
        var path = context.Request.Path.Value;
        if (path is not ("/preferences" or "/sign-out" or "/nodes/drain" or "/access/tokens" or "/access/revoke"))
        {
            return false;
        }

        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        if (!Admission.IsGenuine(context, form, session))
        {
            await MessageAsync(context, StatusCodes.Status403Forbidden, session, look, "forged");
            return true;
        }

        if (path is "/preferences" or "/sign-out")
        {
            await (path == "/preferences" ? PreferAsync(context, form) : SignOutAsync(context));
            return true;
        }

        if (session.Role != AccessRole.Operator)
        {
            await MessageAsync(context, StatusCodes.Status403Forbidden, session, look, "forbidden");
            return true;
        }

        try
        {
            await (path switch
            {
                "/nodes/drain" => DrainAsync(context, form["node"].ToString(), session, look),
                "/access/tokens" => MakeTokenAsync(context, form, session, look),
                _ => RevokeTokenAsync(context, form["name"].ToString(), session, look),
            });
        }
        catch (Exception problem) when (problem is LedgerUnavailableException or LedgerOverloadedException)
        {
            await MessageAsync(context, StatusCodes.Status503ServiceUnavailable, session, look, "undone");
        }
        catch (Exception problem) when (problem is OutcomeUnknownException or OperationCanceledException)
        {
            await MessageAsync(context, StatusCodes.Status503ServiceUnavailable, session, look, "unsure");
        }

        return true;
    }

    /// <summary>The page of tokens.</summary>
    public Task AnswerAccessAsync(HttpContext context, Session session, Look look, int status = 200, string? secret = null, string name = "", string problem = "") =>
        renderer.AnswerAsync<AccessPage>(context, status, new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Look"] = look, ["Session"] = session, ["Tokens"] = tokens.All, ["Secret"] = secret, ["Name"] = name, ["Problem"] = problem,
        });

    /// <summary>A page with a sentence.</summary>
    public Task MessageAsync(HttpContext context, int status, Session session, Look look, string key) =>
        renderer.AnswerAsync<MessagePage>(context, status, new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Look"] = look, ["Session"] = session, ["Title"] = look.Words[$"{key}.title"], ["Text"] = look.Words[$"{key}.text"],
        });

    private Task PreferAsync(HttpContext context, IFormCollection form)
    {
        var options = admission.CookieOptions(TimeSpan.FromDays(365));
        if (form["theme"].ToString() is { Length: > 0 } theme)
        {
            context.Response.Cookies.Append(Look.ThemeCookie, Look.ThemeOf(theme), options);
        }

        if (form["language"].ToString() is ("en" or "fr") and var language)
        {
            context.Response.Cookies.Append(Look.LanguageCookie, language, options);
        }

        var back = form["back"].ToString();
        return Answers.SeeOtherAsync(context, DashboardPages.All.Any(page => page.Path == back) ? back : "/");
    }

    private Task SignOutAsync(HttpContext context)
    {
        admission.SignOut(context);
        return Answers.SeeOtherAsync(context, "/");
    }

    private async Task DrainAsync(HttpContext context, string node, Session session, Look look)
    {
        if (node.Length is 0 or > LongestNode)
        {
            await MessageAsync(context, StatusCodes.Status404NotFound, session, look, "unknown");
            return;
        }

        // That it was asked for stands in the record whatever becomes of this node meanwhile; what came of it follows. A node without its
        // store has most reason to be drained: the record waits, the act does not.
        DashboardLog.ActionTaken(log, session.Name, nameof(Operation.DrainNode), node);
        await journal.RecordWhenPossibleAsync(session.Name, Operation.DrainNode, node, Journal.Asked);
        var result = await control.DrainAsync(node, context.RequestAborted);
        await journal.RecordWhenPossibleAsync(session.Name, Operation.DrainNode, node, OutcomeOf(result));
        if (result != DrainResult.Told)
        {
            var isUnknown = result == DrainResult.Unknown;
            await MessageAsync(
                context, isUnknown ? StatusCodes.Status404NotFound : StatusCodes.Status503ServiceUnavailable, session, look, isUnknown ? "unknown" : "undrained");
            return;
        }

        await renderer.AnswerAsync<DrainPage>(context, StatusCodes.Status200OK, new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Look"] = look, ["Session"] = session, ["Node"] = node, ["IsDone"] = true,
        });
    }

    private static string OutcomeOf(DrainResult result) => result switch
    {
        DrainResult.Told => Journal.Done,
        DrainResult.Unknown => "UNKNOWN_NODE",
        _ => "NOT_REACHED",
    };

    private async Task MakeTokenAsync(HttpContext context, IFormCollection form, Session session, Look look)
    {
        var name = form["name"].ToString().Trim();
        if (!IsTokenName(name) || !Enum.TryParse<AccessRole>(form["role"], out var role) || !Enum.IsDefined(role))
        {
            await AnswerAccessAsync(context, session, look, StatusCodes.Status400BadRequest, problem: look.Words["token.bad"]);
            return;
        }

        if (tokens.Has(name) || tokens.All.Count >= AccessTokens.Most)
        {
            await AnswerAccessAsync(context, session, look, StatusCodes.Status409Conflict, problem: look.Words["token.taken"]);
            return;
        }

        var secret = await ChangeAsync(
            session, Operation.CreateToken, name, ended => tokens.AddAsync(name, role, session.Name, ended), made => made is null ? "NAME_TAKEN" : Journal.Done);
        await AnswerAccessAsync(
            context, session, look, secret is null ? StatusCodes.Status409Conflict : StatusCodes.Status200OK, secret, name,
            secret is null ? look.Words["token.taken"] : "");
    }

    private async Task RevokeTokenAsync(HttpContext context, string name, Session session, Look look)
    {
        if (!tokens.Has(name))
        {
            await MessageAsync(context, StatusCodes.Status404NotFound, session, look, "unknown");
            return;
        }

        var wasThere = await ChangeAsync(
            session, Operation.RevokeToken, name, ended => tokens.RevokeAsync(name, ended), revoked => revoked ? Journal.Done : "UNKNOWN_TOKEN");
        await (wasThere ? Answers.SeeOtherAsync(context, "/access") : MessageAsync(context, StatusCodes.Status404NotFound, session, look, "unknown"));
    }

    // Not without its record, as the tokens are in the same store; and it is not said to be done before it is. Whoever asked may leave: what
    // was begun is brought to its end, and what came of it is recorded.
    private async Task<T> ChangeAsync<T>(Session session, Operation operation, string name, Func<CancellationToken, Task<T>> change, Func<T, string> outcomeOf)
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await journal.RecordAsync(session, operation, name, Journal.Asked, patience.Token);
        }
        catch (Exception problem) when (problem is OutcomeUnknownException or OperationCanceledException)
        {
            await journal.RecordWhenPossibleAsync(session.Name, operation, name, Journal.NotDone);
            throw new LedgerUnavailableException("That it was asked for could not be recorded, so it was not done.", problem);
        }

        var outcome = Journal.OutcomeUnknown;
        try
        {
            var result = await change(patience.Token);
            outcome = outcomeOf(result);
            return result;
        }
        catch (Exception problem) when (problem is LedgerUnavailableException or LedgerOverloadedException)
        {
            outcome = Journal.NotDone;
            throw;
        }
        finally
        {
            await journal.RecordWhenPossibleAsync(session.Name, operation, name, outcome);
        }
    }

    private static bool IsTokenName(string text) =>
        text.Length is >= 1 and <= 40 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
}
