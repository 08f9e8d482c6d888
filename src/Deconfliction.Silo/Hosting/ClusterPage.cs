using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Deconfliction.Silo.Hosting;

/// <summary>
/// The page <c>/cluster</c> of the operations listener: every start of a silo that the cluster remembers, as this silo sees it, with its
/// status, since when, and how many grains it has. A silo that does not tell its count in time has none there.
/// </summary>
internal static class ClusterPage
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly JsonWriterOptions s_indented = new() { Indented = true };

    /// <summary>Path of the page.</summary>
    public const string Path = "/cluster";

    /// <summary>The page as JSON.</summary>
    public static async Task<string> WriteAsync(string cluster, string self, IServiceProvider orleans, CancellationToken cancellationToken)
    {
        var management = orleans.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        var silos = await management.GetDetailedHosts(onlyActive: false).WaitAsync(s_patience, cancellationToken);
        var ordered = silos.OrderBy(silo => silo.SiloName, StringComparer.Ordinal).ThenBy(silo => silo.StartTime).ToList();
        var counts = await Task.WhenAll(ordered.Select(silo => CountAsync(management, silo, cancellationToken)));
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_indented))
        {
            json.WriteStartObject();
            json.WriteString("cluster", cluster);
            json.WriteString("seen_by", self);
            json.WriteStartArray("silos");
            foreach (var (silo, count) in ordered.Zip(counts))
            {
                Write(json, silo, count);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, MembershipEntry silo, int? count)
    {
        json.WriteStartObject();
        json.WriteString("name", silo.SiloName);
        json.WriteString("status", silo.Status.ToString());
        json.WriteString("address", silo.SiloAddress.Endpoint.ToString());
        json.WriteString("since", silo.StartTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        if (count is { } known)
        {
            json.WriteNumber("activations", known);
        }

        json.WriteEndObject();
    }

    // Only the grid's own grains: Orleans' own would say nothing of load.
    private static async Task<int?> CountAsync(IManagementGrain management, MembershipEntry silo, CancellationToken cancellationToken)
    {
        if (silo.Status != SiloStatus.Active)
        {
            return null;
        }

        try
        {
            var grains = await management.GetSimpleGrainStatistics([silo.SiloAddress]).WaitAsync(s_patience, cancellationToken);
            return grains.Where(grain => grain.GrainType.Contains("Deconfliction", StringComparison.Ordinal)).Sum(grain => grain.ActivationCount);
        }
        catch (Exception problem) when (problem is OrleansException or TimeoutException)
        {
            return null;
        }
    }
}
