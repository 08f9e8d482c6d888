using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Client.Checks;

/// <summary>CheckService. Empty request_id and requested_by are filled in.</summary>
public sealed class CheckClient
{
    private static readonly RpcMethod<CheckRequest, CheckResponse> Check =
        Caller.Method<CheckRequest, CheckResponse>(CheckServiceReflection.Descriptor, "Check");

    private readonly Caller _caller;

    internal CheckClient(Caller caller) => _caller = caller;

    /// <summary>Looks up one identifier. It is recorded, and a hit may alert its owner.</summary>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public Task<CheckResponse> CheckAsync(CheckRequest request, CancellationToken cancellationToken) =>
        _caller.AskAsync(Check, request, cancellationToken);
}
