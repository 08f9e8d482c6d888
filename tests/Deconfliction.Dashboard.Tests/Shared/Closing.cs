using Deconfliction.Testing.Processes;
using Microsoft.Playwright;

namespace Deconfliction.Dashboard.Tests.Shared;

/// <summary>Closes what a browser has open. No time-out of the browser's own bounds that.</summary>
internal static class Closing
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>Closes a page with everything that was opened beside it.</summary>
    public static Task CloseAllAsync(this IPage page) => Waiting.WithinAsync($"the browser's window on {page.Url} is closed", s_limit, page.Context.CloseAsync());
}
