using System.Text.Json;
using Deconfliction.Dashboard.Access;
using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Pages;
using Deconfliction.Dashboard.Panels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace Deconfliction.Dashboard.Web;

/// <summary>
/// Sends a page's panels as they change, as server-sent events. Nothing is read or drawn where nobody looks. A stream ends when the
/// server stops, or when its viewer is no longer signed in.
/// </summary>
internal sealed class LiveStream(
    PanelCatalog catalog, PanelReading reading, INodeViews nodes, Renderer renderer, Admission admission, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private const int Most = 64;
    private int _open;

    /// <summary>Answers with the stream of a page.</summary>
    public async Task AnswerAsync(HttpContext context, string page, Session session, Look look)
    {
        if (catalog.Of(page) is not { } panels)
        {
            await Answers.TextAsync(context, StatusCodes.Status404NotFound, "text/plain; charset=utf-8", "There is no such page.\n");
            return;
        }

        if (Interlocked.Increment(ref _open) > Most)
        {
            Interlocked.Decrement(ref _open);
            context.Response.Headers.RetryAfter = "30";
            await Answers.TextAsync(context, StatusCodes.Status503ServiceUnavailable, "text/plain; charset=utf-8", $"{Most} pages are being watched. Close one.\n");
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("retry: 2000\n\n", ending.Token);
            await context.Response.Body.FlushAsync(ending.Token);
            await SendAsync(context, panels, session, look, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The viewer left, or the server stops.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task SendAsync(HttpContext context, IReadOnlyList<IPanel> panels, Session session, Look look, CancellationToken cancellationToken)
    {
        var sent = new Dictionary<string, string>(StringComparer.Ordinal);
        while (session.ExpiresAt > time.GetUtcNow() && admission.IsStillGood(session))
        {
            var view = new PanelContext(
                await GridView.ReadAsync(nodes, time, cancellationToken), look.Words, session.Role == AccessRole.Operator, cancellationToken);
            foreach (var panel in panels)
            {
                var content = await reading.ReadAsync(panel, view);
                var html = await renderer.RenderAsync<PanelBody>(new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["Look"] = look, ["Content"] = content, ["Title"] = look.Words[$"panel.{panel.Id}"],
                });
                var isNew = !sent.TryGetValue(panel.Id, out var before) || before != html;
                sent[panel.Id] = html;
                var message = JsonSerializer.Serialize(new
                {
                    id = panel.Id, asOf = content.AsOf.UtcDateTime, clock = look.Words.Clock(content.AsOf), problem = content.Problem, html = isNew ? html : null,
                });
                await context.Response.WriteAsync($"event: panel\ndata: {message}\n\n", cancellationToken);
            }

            await context.Response.WriteAsync("event: tick\ndata: {}\n\n", cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
            await nodes.NextAsync(cancellationToken);
        }
    }
}
