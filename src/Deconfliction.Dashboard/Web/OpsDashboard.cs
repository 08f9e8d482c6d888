using System.Diagnostics;
using Deconfliction.Dashboard.Access;
using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Pages;
using Deconfliction.Dashboard.Panels;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Dashboard.Web;

/// <summary>
/// Everything that the operations address serves beside <c>/health/*</c>. Nothing is open: without a session or a token each path answers
/// 401, whether it is there or not.
/// </summary>
public sealed class OpsDashboard
{
    private const string Plain = "text/plain; charset=utf-8";
    private readonly DashboardOptions _options;
    private readonly Admission _admission;
    private readonly OneTimeLink _link;
    private readonly PanelCatalog _catalog;
    private readonly PanelReading _reading;
    private readonly INodeViews _nodes;
    private readonly Renderer _renderer;
    private readonly LiveStream _live;
    private readonly Actions _actions;
    private readonly EmbeddedAssets _assets;
    private readonly Journal _journal;
    private readonly TimeProvider _time;
    private readonly ILogger<OpsDashboard> _log;

    internal OpsDashboard(
        DashboardOptions options, Admission admission, OneTimeLink link, PanelCatalog catalog, PanelReading reading, INodeViews nodes, Renderer renderer,
        LiveStream live, Actions actions, EmbeddedAssets assets, Journal journal, TimeProvider time, ILogger<OpsDashboard> log)
    {
        (_options, _admission, _link, _catalog, _reading, _nodes, _renderer) = (options, admission, link, catalog, reading, nodes, renderer);
        (_live, _actions, _assets, _journal, _time, _log) = (live, actions, assets, journal, time, log);
    }

    /// <summary>What <c>/metrics</c> answers to a bearer of a token; nothing where this server exports none.</summary>
    public RequestDelegate? Metrics { get; set; }

    /// <summary>A link that signs in one operator, once, within a day; the one before it is good no more.</summary>
    public Uri CreateSignInLink(Uri address) => new(address, "/sign-in?token=" + _link.Issue());

    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Answers.AddHeaders(context.Response);
        try
        {
            await RouteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The browser left.
        }
        catch (BadHttpRequestException bad)
        {
            await Answers.TextAsync(context, bad.StatusCode, Plain, "The request cannot be read.\n");
        }
        catch (Exception problem) when (!context.Response.HasStarted)
        {
            DashboardLog.PageFailed(_log, context.Request.Path.Value ?? "", problem.GetType().FullName ?? "", new StackTrace(problem, fNeedFileInfo: false).ToString());
            await Answers.TextAsync(context, StatusCodes.Status500InternalServerError, Plain, "This page failed. The server's log says where; tell its makers.\n");
        }
    }

    private async Task RouteAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (path == "/metrics")
        {
            await AnswerMetricsAsync(context);
            return;
        }

        if (path == "/sign-in")
        {
            await SignInAsync(context);
            return;
        }

        var look = Look.Of(context.Request);
        if (await _admission.IdentifyAsync(context) is not { } session)
        {
            await RefuseAsync(context, look, StatusCodes.Status401Unauthorized, "");
            return;
        }

        if (_journal.Waiting > 0)
        {
            await _journal.FlushAsync();
        }

        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var isAnswered = isRead ? await TryReadAsync(context, path, session, look)
            : HttpMethods.IsPost(context.Request.Method) && await _actions.TryAnswerAsync(context, session, look);
        if (!isAnswered)
        {
            await _actions.MessageAsync(context, StatusCodes.Status404NotFound, session, look, "unknown");
        }
    }

    private async Task<bool> TryReadAsync(HttpContext context, string path, Session session, Look look)
    {
        if (path.StartsWith("/assets/", StringComparison.Ordinal))
        {
            return await _assets.TryAnswerAsync(context, path["/assets/".Length..]);
        }

        if (path.StartsWith("/live/", StringComparison.Ordinal))
        {
            await _live.AnswerAsync(context, path["/live/".Length..], session, look);
            return true;
        }

        if (path.StartsWith("/export/", StringComparison.Ordinal))
        {
            return await TryExportAsync(context, path["/export/".Length..], session, look);
        }

        if (path is "/access" or "/nodes/drain" && session.Role != AccessRole.Operator)
        {
            await _actions.MessageAsync(context, StatusCodes.Status403Forbidden, session, look, "forbidden");
            return true;
        }

        if (path == "/access")
        {
            await _actions.AnswerAccessAsync(context, session, look);
            return true;
        }

        if (_options.MorePages is { } more && await more(path, context.RequestAborted) is { } page)
        {
            await Answers.TextAsync(context, StatusCodes.Status200OK, "application/json; charset=utf-8", page + "\n");
            return true;
        }

        return path == "/nodes/drain" ? await TryAskDrainAsync(context, session, look) : await TryPageAsync(context, path, session, look);
    }

    private async Task<bool> TryPageAsync(HttpContext context, string path, Session session, Look look)
    {
        if (DashboardPages.All.FirstOrDefault(page => page.Path == path) is not { } page || _catalog.Of(page.Id) is not { } panels)
        {
            return false;
        }

        var view = await ViewAsync(session, look, context.RequestAborted);
        var contents = new List<(IPanel, PanelContent)>(panels.Count);
        foreach (var panel in panels)
        {
            contents.Add((panel, await _reading.ReadAsync(panel, view)));
        }

        RenderFragment? after = page.Id == "nodes" && session.Role == AccessRole.Operator
            ? builder =>
            {
                builder.OpenComponent<DrainLinks>(0);
                builder.AddComponentParameter(1, "Look", look);
                builder.AddComponentParameter(2, "Nodes", (IReadOnlyList<string>)[.. view.Grid.Nodes.Where(node => node.State is NodeState.Active or NodeState.NotReady or NodeState.OtherVersion).Select(node => node.Name)]);
                builder.CloseComponent();
            }
            : null;
        await _renderer.AnswerAsync<PanelsPage>(context, StatusCodes.Status200OK, new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Look"] = look, ["Session"] = session, ["PageId"] = page.Id, ["Path"] = path,
            ["Contents"] = (IReadOnlyList<(IPanel, PanelContent)>)contents, ["After"] = after,
        });
        return true;
    }

    private async Task<bool> TryExportAsync(HttpContext context, string file, Session session, Look look)
    {
        var dot = file.LastIndexOf('.');
        var (id, type) = dot < 0 ? ("", "") : (file[..dot], file[(dot + 1)..]);
        if (type is not ("csv" or "json") || _catalog.Find(id) is not { } panel)
        {
            return false;
        }

        var content = await _reading.ReadAsync(panel, await ViewAsync(session, look, context.RequestAborted));
        var stamp = content.AsOf.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{id}-{stamp}.{type}\"";
        await (type == "csv"
            ? Answers.TextAsync(context, StatusCodes.Status200OK, "text/csv; charset=utf-8", PanelExport.Csv(content))
            : Answers.TextAsync(context, StatusCodes.Status200OK, "application/json; charset=utf-8", PanelExport.Json(id, content)));
        return true;
    }

    private async Task<bool> TryAskDrainAsync(HttpContext context, Session session, Look look)
    {
        var node = context.Request.Query["node"].ToString();
        if ((await _nodes.ReadAsync(context.RequestAborted)).All(one => one.Name != node))
        {
            return false;
        }

        await _renderer.AnswerAsync<DrainPage>(context, StatusCodes.Status200OK, new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Look"] = look, ["Session"] = session, ["Node"] = node,
        });
        return true;
    }

    private async Task<PanelContext> ViewAsync(Session session, Look look, CancellationToken cancellationToken) =>
        new(await GridView.ReadAsync(_nodes, _time, cancellationToken), look.Words, session.Role == AccessRole.Operator, cancellationToken);

    private async Task AnswerMetricsAsync(HttpContext context)
    {
        if (!await _admission.HasBearerAsync(context))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Answers.TextAsync(context, StatusCodes.Status401Unauthorized, Plain, "Send an access token as bearer; an operator makes one on the page Access.\n");
        }
        else if (Metrics is { } metrics)
        {
            await metrics(context);
        }
        else
        {
            await Answers.TextAsync(context, StatusCodes.Status404NotFound, Plain, "This server exports no metrics here.\n");
        }
    }

    // The printed link signs in by itself; what is typed comes by the form. Either way the secret is in no further address.
    private async Task SignInAsync(HttpContext context)
    {
        var look = Look.Of(context.Request);
        string? secret = null;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            secret = context.Request.Query["token"];
        }
        else if (HttpMethods.IsPost(context.Request.Method) && context.Request.HasFormContentType)
        {
            secret = (await context.Request.ReadFormAsync(context.RequestAborted))["token"].ToString().Trim();
        }

        var result = secret is { Length: > 0 and <= 200 } ? await _admission.SignInAsync(context, secret) : (SignInResult?)null;
        if (result == SignInResult.Done)
        {
            await Answers.SeeOtherAsync(context, "/");
            return;
        }

        var (status, problem) = result switch
        {
            SignInResult.TooMany => (StatusCodes.Status429TooManyRequests, look.Words["signin.toomany"]),
            SignInResult.Refused => (StatusCodes.Status401Unauthorized, look.Words["signin.refused"]),
            _ => (StatusCodes.Status401Unauthorized, ""),
        };
        await RefuseAsync(context, look, status, problem);
    }

    private async Task RefuseAsync(HttpContext context, Look look, int status, string problem)
    {
        if (status == StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = "60";
        }
        else
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        Answers.AddHeaders(context.Response, SignInStyle.Policy);
        if (context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            await _renderer.AnswerAsync<SignInPage>(context, status, new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["Words"] = look.Words, ["Problem"] = problem,
            });
            return;
        }

        await Answers.TextAsync(context, status, Plain, problem.Length > 0 ? problem + "\n" : look.Words["signin.plain"] + "\n");
    }
}
