using System.Net;
using Deconfliction.Server.Options;
using Deconfliction.Silo.Identity;

namespace Deconfliction.Silo.Options;

/// <summary>Validates what is set for a silo.</summary>
internal sealed class SiloOptionReader(OptionSources sources)
{
    private readonly OptionValues _values = new(sources);

    /// <summary>The options, or what is wrong with them.</summary>
    /// <param name="runs">Whether a silo is to run: then it needs a database.</param>
    public (SiloOptions? Options, IReadOnlyList<string> Problems) Read(bool runs)
    {
        var connection = _values.Text("connection");
        if (runs && connection is null)
        {
            _values.Add("--connection is missing; a cluster keeps its record in PostgreSQL, such as 'Host=localhost;Database=deconfliction;Username=grid'.");
        }

        _values.ConfirmConnection("connection");
        _values.ConfirmConnection("orleans-connection");
        var (server, _) = new OptionReader(_values).Read(StoreKind.Postgres, connection);
        var endPoint = EndPoint();
        var name = Name(endPoint);
        return server is null || _values.Problems.Count > 0
            ? (null, _values.Problems)
            : (new SiloOptions
            {
                Server = server,
                EndPoint = endPoint,
                Name = name,
                ClusterId = _values.Text("cluster-id")!,
                IdentityFile = _values.Text("silo-identity") ?? Path.Combine(server.PkiFolder, "silos", name + ".pem"),
                AuthorityFile = _values.Text("silo-authority") ?? SiloAuthority.CertificateFile(server.PkiFolder),
                OrleansConnection = _values.Text("orleans-connection") ?? connection ?? "",
            }, []);
    }

    // Other silos are told this address, so it must be one.
    private IPEndPoint EndPoint() => _values.EndPoint(
        "silo", "the one address and port at which other silos reach this one, such as 10.0.0.5:7411",
        static one => !one.Address.Equals(IPAddress.Any) && !one.Address.Equals(IPAddress.IPv6Any) && one.Port != 0);

    private string Name(IPEndPoint endPoint)
    {
        var name = _values.Text("silo-name") ?? $"silo-{endPoint.Port}";
        if (!SiloName.IsValid(name))
        {
            _values.Problem("silo-name", _values.Sources.Last("silo-name")!.Value, SiloName.Rule);
        }

        return name;
    }
}
