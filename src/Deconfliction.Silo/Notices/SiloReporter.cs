using System.Net;
using System.Reflection;
using Deconfliction.Silo.Clustering;
using Deconfliction.Silo.Grains;
using SiloOptions = Deconfliction.Silo.Options.SiloOptions;

namespace Deconfliction.Silo.Notices;

/// <summary>Says what this silo is doing. Cheap: nothing is measured for it.</summary>
internal sealed class SiloReporter(string endpoint, ResidentGrains residents, StoreState store)
{
    private static readonly string s_version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "";

    /// <summary>What it is doing now.</summary>
    public SiloReport Report()
    {
        var kinds = residents.CountByKind;
        return new SiloReport
        {
            Endpoint = endpoint,
            Identifiers = kinds.GetValueOrDefault(IdentifierGrain.Kind),
            Agencies = kinds.GetValueOrDefault(AgencyGrain.Kind),
            SweepParts = kinds.GetValueOrDefault(SweepGrain.Kind),
            ProcessorTime = Environment.CpuUsage.TotalTime,
            Memory = Environment.WorkingSet,
            HasStore = store.IsFresh,
            StoreHeldFor = store.HeldFor,
            Version = s_version,
        };
    }

    /// <summary>Where agencies reach a silo: where it listens everywhere, they can come to the address at which the silos do.</summary>
    public static string EndpointOf(SiloOptions options)
    {
        var listen = options.Server.Listen;
        var isAny = listen.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any);
        return listen.Port == 0 ? "" : $"https://{new IPEndPoint(isAny ? options.EndPoint.Address : listen.Address, listen.Port)}";
    }
}
