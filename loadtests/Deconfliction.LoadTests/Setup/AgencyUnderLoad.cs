using Deconfliction.Client;
using Deconfliction.Client.Identities;
using Deconfliction.Client.Import;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Deconfliction.Testing.Processes;
using Grpc.Health.V1;

namespace Deconfliction.LoadTests.Setup;

/// <summary>One agency's connections: bare channels, since the callers share the processors with what they measure.</summary>
internal sealed class AgencyUnderLoad : IAsyncDisposable
{
    private static readonly RpcMethod<CheckRequest, CheckResponse> s_check =
        RpcMethod.From<CheckRequest, CheckResponse>(CheckServiceReflection.Descriptor.Services[0].FindMethodByName("Check"));

    private static readonly RpcMethod<CreateClaimRequest, CreateClaimResponse> s_claim =
        RpcMethod.From<CreateClaimRequest, CreateClaimResponse>(ClaimServiceReflection.Descriptor.Services[0].FindMethodByName("CreateClaim"));

    private static readonly RpcMethod<HealthCheckRequest, HealthCheckResponse> s_health =
        RpcMethod.From<HealthCheckRequest, HealthCheckResponse>(HealthReflection.Descriptor.Services[0].FindMethodByName("Check"));

    private const string Officer = "officer-7";
    private const string Case = "LOAD-1";
    private readonly AgencyIdentity _identity;
    private readonly RpcChannel[] _channels;
    private readonly GridClient _client;

    private AgencyUnderLoad(AgencyIdentity identity, RpcChannel[] channels, GridClient client) =>
        (_identity, _channels, _client) = (identity, channels, client);

    /// <summary>Connects by an identity file.</summary>
    public static AgencyUnderLoad Connect(ServerProcess server, string identityFile, int connections) =>
        Connect(new Uri(server.Url), server.AuthorityFile, identityFile, connections);

    /// <summary>Connects by an identity file to whatever server is at an address.</summary>
    public static AgencyUnderLoad Connect(Uri address, string authorityFile, string identityFile, int connections)
    {
        var identity = AgencyIdentity.Load(identityFile);
        var authorities = AgencyIdentity.LoadAuthorities(authorityFile);
        var options = new RpcChannelOptions { ClientCertificate = identity.Certificate, TrustedAuthorities = authorities };
        return new AgencyUnderLoad(
            identity,
            [.. Enumerable.Range(0, connections).Select(_ => new RpcChannel(address, options))],
            GridClient.Connect(new GridClientOptions { Server = address, Identity = identity.Certificate, Authorities = authorities, RequestedBy = Officer }));
    }

    /// <summary>Checks an identifier.</summary>
    public Task CheckAsync(int caller, string value, CancellationToken cancellationToken) => _channels[caller % _channels.Length].UnaryAsync(
        s_check,
        new CheckRequest
        {
            RequestId = Guid.CreateVersion7().ToString(),
            RequestedBy = Officer,
            Identifier = new IdentifierInput { Kind = GeneratedValues.Kind, Value = value },
            CaseReference = Case,
            Purpose = "load test",
        },
        cancellationToken: cancellationToken);

    /// <summary>Asks for the server's health: a call that reaches neither grid nor database.</summary>
    public Task AskHealthAsync(int caller, CancellationToken cancellationToken) =>
        _channels[caller % _channels.Length].UnaryAsync(s_health, new HealthCheckRequest(), cancellationToken: cancellationToken);

    /// <summary>Claims an identifier.</summary>
    public Task ClaimAsync(int caller, string value, CancellationToken cancellationToken) => ClaimAsync(s_claim, caller, value, cancellationToken);

    /// <summary>Claims an identifier by a method that takes and answers the same as the grid's.</summary>
    public Task ClaimAsync(
        RpcMethod<CreateClaimRequest, CreateClaimResponse> method, int caller, string value, CancellationToken cancellationToken) => _channels[caller % _channels.Length].UnaryAsync(
        method,
        new CreateClaimRequest { RequestId = Guid.CreateVersion7().ToString(), RequestedBy = Officer, Claim = Input(value) },
        cancellationToken: cancellationToken);

    /// <summary>Claims many identifiers over an import stream.</summary>
    /// <param name="values">The identifiers.</param>
    /// <param name="answered">Told of each answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">An item was not accepted.</exception>
    public Task ImportAsync(IEnumerable<string> values, Action answered, CancellationToken cancellationToken) => _client.Claims.Import(new ImportOptions()).RunAsync(
        values.Select((value, index) => new ImportItem { Position = index + 1, RequestId = Guid.CreateVersion7().ToString(), Claim = Input(value) }),
        (_, result) =>
        {
            if (result.ResultCase != ImportResult.ResultOneofCase.Accepted)
            {
                throw new InvalidOperationException($"A generated claim was not accepted: {result.ResultCase} {result.Rejected?.Reason}");
            }

            answered();
        },
        cancellationToken);

    /// <summary>Follows the agency's feed from its beginning until it is cancelled.</summary>
    /// <param name="connected">Told when the server has said where the feed is.</param>
    /// <param name="told">Told of each alert.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task FollowAsync(Action connected, Action<Alert> told, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var one in _client.Alerts.StreamAsync(new StreamAlertsRequest(), cancellationToken))
            {
                if (one.Alert is { } alert)
                {
                    told(alert);
                }
                else
                {
                    connected();
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it ends.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        await _client.DisposeAsync();
        _identity.Dispose();
    }

    private static ClaimInput Input(string value) => new()
    {
        Identifier = new IdentifierInput { Kind = GeneratedValues.Kind, Value = value },
        CaseReference = Case,
        Disclosure = Disclosure.Open,
    };
}
