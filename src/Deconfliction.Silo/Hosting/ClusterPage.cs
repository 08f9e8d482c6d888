using System.Globalization;
using System.Text.Json;
using Deconfliction.Silo.Notices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Deconfliction.Silo.Hosting;

/// <summary>
/// The page <c>/cluster</c> of the operations listener: every start of a silo that the cluster remembers, as this silo sees it, with its
/// status, since when, who suspects it, and what it says of itself. A silo that does not say it in time has none of that there. Each silo
/// is one flat object, so that a shell can read it.
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
        var board = orleans.GetRequiredService<NoticeBoard>();
        var silos = await ListAsync(orleans, cancellationToken);
        var reports = await Task.WhenAll(silos.Select(silo => silo.Status == SiloStatus.Active
            ? board.ReportOfAsync(silo.SiloAddress, s_patience, cancellationToken)
            : Task.FromResult<SiloReport?>(null)));
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_indented))
        {
            json.WriteStartObject();
            json.WriteString("cluster", cluster);
            json.WriteString("seen_by", self);
            json.WriteNumber("view", orleans.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Version.Value);
            json.WriteStartArray("silos");
            foreach (var (silo, report) in silos.Zip(reports))
            {
                Write(json, silo, report);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    // From the table, which knows times; where it cannot be read, from what this silo last saw.
    private static async Task<IReadOnlyList<MembershipEntry>> ListAsync(IServiceProvider orleans, CancellationToken cancellationToken)
    {
        IEnumerable<MembershipEntry> silos;
        try
        {
            var management = orleans.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
            silos = await management.GetDetailedHosts(onlyActive: false).WaitAsync(s_patience, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            silos = orleans.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members.Values.Select(static member =>
                new MembershipEntry { SiloAddress = member.SiloAddress, SiloName = member.Name, Status = member.Status });
        }

        return [.. silos.OrderBy(static silo => silo.SiloName, StringComparer.Ordinal).ThenBy(static silo => silo.SiloAddress.Generation)];
    }

    private static void Write(Utf8JsonWriter json, MembershipEntry silo, SiloReport? report)
    {
        json.WriteStartObject();
        json.WriteString("name", silo.SiloName);
        json.WriteString("status", silo.Status.ToString());
        json.WriteString("address", silo.SiloAddress.Endpoint.ToString());
        WriteTime(json, "since", silo.StartTime);
        WriteTime(json, "last_alive", silo.IAmAliveTime);
        json.WriteNumber("suspicions", silo.SuspectTimes?.Count ?? 0);
        if (report is not null)
        {
            Write(json, report);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SiloReport report)
    {
        if (report.Endpoint.Length > 0)
        {
            json.WriteString("endpoint", report.Endpoint);
        }

        json.WriteBoolean("has_store", report.HasStore);
        json.WriteNumber("activations", report.Identifiers + report.Agencies + report.SweepParts);
        json.WriteNumber("identifier_grains", report.Identifiers);
        json.WriteNumber("agency_grains", report.Agencies);
        json.WriteNumber("sweep_grains", report.SweepParts);
        json.WriteNumber("processor_seconds", Math.Round(report.ProcessorTime.TotalSeconds, 2));
        json.WriteNumber("memory_mib", report.Memory >> 20);
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTime time)
    {
        if (time != default)
        {
            json.WriteString(name, time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        }
    }
}
