using System.Diagnostics;
using Orleans.Runtime;

namespace Deconfliction.Silo.Hosting;

/// <summary>
/// Carries a trace from the silo that was asked to the one where a grain lives. Not by Orleans' own filters: their spans name the grain, and
/// an identifier's grain is named by its tag, which must not leave the grid.
/// </summary>
internal static class SiloTracing
{
    /// <summary>The activity source's name, for whoever exports it.</summary>
    public const string SourceName = "Deconfliction.Silo";

    // The name and form of W3C's Trace Context.
    private const string Header = "traceparent";
    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>Lets the calls that this method's caller makes from here on carry its span; where there is none, nothing.</summary>
    public static void Carry()
    {
        if (Activity.Current is { Recorded: true, Id: { } id })
        {
            RequestContext.Set(Header, id);
        }
    }

    /// <summary>The span of a call at the grain's silo, within that of the caller; nothing while nobody samples it.</summary>
    /// <param name="kind">The kind of grain; never which.</param>
    public static Activity? Resume(string kind)
    {
        if (!s_source.HasListeners() || RequestContext.Get(Header) is not string id)
        {
            return null;
        }

        var span = s_source.StartActivity("deconfliction.silo.hop", ActivityKind.Server, id);
        span?.SetTag("deconfliction.grain", kind);
        return span;
    }
}
