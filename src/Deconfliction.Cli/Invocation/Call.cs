using System.CommandLine;
using Deconfliction.Cli.Screens;
using Deconfliction.Client;
using Deconfliction.Client.Identities;

namespace Deconfliction.Cli.Invocation;

/// <summary>One run of one command: its arguments, its screen, and the grid as the agency that asks.</summary>
internal sealed class Call(ParseResult arguments, GlobalOptions globals, Surroundings surroundings, Screen screen) : IAsyncDisposable
{
    private AgencyIdentity? _identity;
    private DateTimeOffset _identityEnds = DateTimeOffset.MaxValue;
    private GridClient? _grid;

    public Screen Screen => screen;

    public Surroundings Surroundings => surroundings;

    public string RequestedBy =>
        Given(globals.RequestedBy) ?? Variable(GlobalOptions.RequestedByVariable) ?? surroundings.LoginName;

    /// <summary>The grid. Nothing is sent before the first request.</summary>
    /// <exception cref="IdentityException">No identity is named, or a file cannot be used.</exception>
    public GridClient Grid => _grid ??= Connect();

    /// <summary>The path of the identity file.</summary>
    /// <exception cref="IdentityException">None is named.</exception>
    public string IdentityPath => Given(globals.Identity) ?? Variable(GlobalOptions.IdentityVariable) ?? throw new IdentityException(
        "No identity is named.", $"Name the agency's PEM file (certificate and key) with --identity or ${GlobalOptions.IdentityVariable}.");

    public T? Value<T>(Option<T> option) => arguments.GetValue(option);

    public T Value<T>(Argument<T> argument) => arguments.GetRequiredValue(argument);

    /// <summary>The value of an argument that may be left out; null where it is.</summary>
    public string? Optional(Argument<string?> argument) => arguments.GetValue(argument);

    /// <summary>Whether the option stands on the command line.</summary>
    public bool Has(Option option) => arguments.GetResult(option) is { Implicit: false };

    /// <summary>
    /// What an error of the grid is to the user. A server that refuses a certificate does not say why; that it has expired is seen here. It
    /// is not refused here: the server's clock decides.
    /// </summary>
    public Problem Explain(GridError error)
    {
        var problem = Problem.Of(error);
        return problem is { Status: "UNAUTHENTICATED", Reason: not "TLS_HANDSHAKE" } && _identityEnds < surroundings.Time.GetUtcNow()
            ? problem with
            {
                Description = $"The server refused the certificate in '{IdentityPath}', which expired on {_identityEnds.UtcDateTime:yyyy-MM-dd}.",
                Remedy = "Make a request (deconflict identity request) and send it to the operator, who signs it: deconflict agency certify. "
                    + "One that has not expired yet is replaced by: deconflict identity renew",
            }
            : problem;
    }

    public async ValueTask DisposeAsync()
    {
        if (_grid is not null)
        {
            await _grid.DisposeAsync();
        }

        _identity?.Dispose();
    }

    private GridClient Connect()
    {
        _identity = AgencyIdentity.Load(IdentityPath);
        _identityEnds = new DateTimeOffset(_identity.Certificate.NotAfter);
        return GridClient.Connect(new GridClientOptions
        {
            Server = new Uri(arguments.GetRequiredValue(globals.Server)),
            Identity = _identity.Certificate,
            Authorities = Authorities(_identity),
            RequestedBy = RequestedBy,
        });
    }

    private System.Security.Cryptography.X509Certificates.X509Certificate2Collection Authorities(AgencyIdentity identity)
    {
        if (Given(globals.Authority) is { } named)
        {
            return AgencyIdentity.LoadAuthorities(named);
        }

        if (identity.Authorities.Count > 0)
        {
            return identity.Authorities;
        }

        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(IdentityPath))!, "ca.pem");
        return File.Exists(beside) ? AgencyIdentity.LoadAuthorities(beside) : [];
    }

    private string? Given(Option<string?> option) => arguments.GetValue(option) is { Length: > 0 } text ? text : null;

    private string? Variable(string name) => surroundings.Variable(name) is { Length: > 0 } text ? text : null;
}
