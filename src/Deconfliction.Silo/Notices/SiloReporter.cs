using System.Net;
using Deconfliction.Silo.Clustering;
using Deconfliction.Silo.Grains;
using SiloOptions = Deconfliction.Silo.Options.SiloOptions;

namespace Deconfliction.Silo.Notices;

/// <summary>Says what this silo is doing. Cheap: nothing is measured for it.</summary>
internal sealed class SiloReporter(SiloOptions options, ResidentGrains residents, StoreState store)
{
    public SiloReport Report()
    {
        var kinds = residents.CountByKind;
        return new SiloReport
        {
            Endpoint = EndpointOf(options),
            Identifiers = kinds.GetValueOrDefault(IdentifierGrain.Kind),
            Agencies = kinds.GetValueOrDefault(AgencyGrain.Kind),
            SweepParts = kinds.GetValueOrDefault(SweepGrain.Kind),
            ProcessorTime = Environment.CpuUsage.TotalTime,
            Memory = Environment.WorkingSet,
            HasStore = store.IsFresh,
        };
    }

    // Where it listens everywhere, agencies can come to the address at which the silos do.
    private static string EndpointOf(SiloOptions options)
    {
        var listen = options.Server.Listen;
        var isAny = listen.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any);
        return listen.Port == 0 ? "" : $"https://{new IPEndPoint(isAny ? options.EndPoint.Address : listen.Address, listen.Port)}";
    }
}
