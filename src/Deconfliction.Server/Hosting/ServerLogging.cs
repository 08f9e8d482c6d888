using Deconfliction.Server.Telemetry;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Server.Hosting;

/// <summary>Logs to the console, one event a line, in UTC. Warnings and the grid's own lifecycle unless more is asked for.</summary>
internal static class ServerLogging
{
    public static ILoggerFactory Create(LogLevel level) => LoggerFactory.Create(builder => Configure(builder, level, TelemetryServices.ExportsTraces(Environment.GetEnvironmentVariable)).AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        console.IncludeScopes = true;
    }));

    /// <summary>The filters, for any provider.</summary>
    public static ILoggingBuilder Configure(ILoggingBuilder builder, LogLevel level, bool namesTraces = false)
    {
        builder.SetMinimumLevel(level);
        // With the scopes above, an event within a call names the call's trace: where that can be looked up.
        if (namesTraces)
        {
            builder.Configure(static factory => factory.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        }

        // What keeps the host from starting is told in words, with the option at fault.
        builder.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // While this category is on, the host starts an activity for each call, whether anybody listens or not.
        builder.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        return level is LogLevel.None or LogLevel.Error
            ? builder
            : builder.AddFilter("Deconfliction.Server", level < LogLevel.Information ? level : LogLevel.Information)
                .AddFilter("Deconfliction.Silo.Clustering", level < LogLevel.Information ? level : LogLevel.Information);
    }
}
