using System.Reflection;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Rpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Deconfliction.Server.Telemetry;

/// <summary>
/// Traces and metrics, by OpenTelemetry. Metrics can always be scraped; both are pushed by OTLP where the environment names an endpoint,
/// by the standard variables alone (OTEL_EXPORTER_OTLP_ENDPOINT and its kin). While nobody pushes, no span is ever made.
/// </summary>
internal static class TelemetryServices
{
    private const string Prefix = "OTEL_";

    // "Deconfliction.Silo" is the silo's IdentityWatch. .NET's own: how requests, connections, the runtime and the database's pool do.
    private static readonly string[] s_meters =
    [
        RpcTelemetry.MeterName, GridMeters.MeterName, LedgerTelemetry.MeterName, ServerMeters.MeterName, "Deconfliction.Silo",
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql", "Microsoft.Orleans",
    ];

    // Not Orleans' own: its spans name grains, and an identifier's is named by its tag. "Deconfliction.Silo" is the silo's SiloTracing.
    private static readonly string[] s_sources =
        ["Microsoft.AspNetCore", GridTracing.SourceName, LedgerTelemetry.SourceName, "Npgsql", "Deconfliction.Silo"];

    /// <summary>Adds what the environment asks for.</summary>
    /// <param name="builder">The program's host.</param>
    /// <param name="service">The program's name, unless OTEL_SERVICE_NAME says another.</param>
    /// <param name="environment">The environment's variables.</param>
    public static void AddTelemetry(this WebApplicationBuilder builder, string service, Func<IDictionary<string, string>> environment)
    {
        var variables = environment().Where(static one => one.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary();
        builder.Configuration.AddInMemoryCollection(variables!);
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(
            variables.GetValueOrDefault("OTEL_SERVICE_NAME") ?? service,
            serviceVersion: Assembly.GetExecutingAssembly().GetName().Version?.ToString(3),
            serviceInstanceId: $"{Environment.MachineName}/{Environment.ProcessId}"));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(s_meters).AddPrometheusExporter(prometheus => prometheus.ScrapeResponseCacheDurationMilliseconds = 0);
            if (IsPushed(variables.GetValueOrDefault, "METRICS"))
            {
                metrics.AddOtlpExporter();
            }
        });
        if (IsPushed(variables.GetValueOrDefault, "TRACES"))
        {
            telemetry.WithTracing(traces => traces.AddSource(s_sources).AddOtlpExporter());
        }
    }

    /// <summary>Whether the environment asks for traces to be pushed: then there is somewhere to look one up.</summary>
    /// <param name="variable">The environment's variables.</param>
    public static bool ExportsTraces(Func<string, string?> variable) => IsPushed(variable, "TRACES");

    // OTEL_SDK_DISABLED, OTEL_METRICS_EXPORTER and OTEL_TRACES_EXPORTER: OpenTelemetry's specification of environment variables.
    private static bool IsPushed(Func<string, string?> variable, string signal)
    {
        bool Has(string name) => !string.IsNullOrWhiteSpace(variable(name));
        return (Has("OTEL_EXPORTER_OTLP_ENDPOINT") || Has($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"))
            && !string.Equals(variable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
            && (variable($"OTEL_{signal}_EXPORTER") ?? "otlp").Contains("otlp", StringComparison.OrdinalIgnoreCase);
    }
}
