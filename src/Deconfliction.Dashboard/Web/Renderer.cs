using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Dashboard.Web;

/// <summary>Renders components to text on the server. Nothing of them runs in the browser.</summary>
internal sealed class Renderer(IServiceProvider services, ILoggerFactory logging)
{
    /// <summary>A component's markup.</summary>
    public async Task<string> RenderAsync<TComponent>(Dictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        await using var renderer = new HtmlRenderer(services, logging);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters));
            return root.ToHtmlString();
        });
    }

    /// <summary>Answers with a component as the page.</summary>
    public async Task AnswerAsync<TComponent>(HttpContext context, int status, Dictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        var html = await RenderAsync<TComponent>(parameters);
        await Answers.TextAsync(context, status, "text/html; charset=utf-8", html);
    }
}
