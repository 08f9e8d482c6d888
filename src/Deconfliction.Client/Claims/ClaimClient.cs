using Deconfliction.Client.Import;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Client.Claims;

/// <summary>ClaimService. Empty request_id and requested_by are filled in.</summary>
public sealed class ClaimClient
{
    private static readonly RpcMethod<CreateClaimRequest, CreateClaimResponse> CreateClaim = Method<CreateClaimRequest, CreateClaimResponse>("CreateClaim");
    private static readonly RpcMethod<GetClaimRequest, GetClaimResponse> GetClaim = Method<GetClaimRequest, GetClaimResponse>("GetClaim");
    private static readonly RpcMethod<ListClaimsRequest, ListClaimsResponse> ListClaims = Method<ListClaimsRequest, ListClaimsResponse>("ListClaims");
    private static readonly RpcMethod<UpdateClaimRequest, UpdateClaimResponse> UpdateClaim = Method<UpdateClaimRequest, UpdateClaimResponse>("UpdateClaim");
    private static readonly RpcMethod<RenewClaimRequest, RenewClaimResponse> RenewClaim = Method<RenewClaimRequest, RenewClaimResponse>("RenewClaim");
    private static readonly RpcMethod<ReleaseClaimRequest, ReleaseClaimResponse> ReleaseClaim = Method<ReleaseClaimRequest, ReleaseClaimResponse>("ReleaseClaim");
    private static readonly RpcMethod<ReleaseCaseRequest, ReleaseCaseResponse> ReleaseCase = Method<ReleaseCaseRequest, ReleaseCaseResponse>("ReleaseCase");
    private static readonly RpcMethod<ImportClaimsRequest, ImportClaimsResponse> ImportClaims = Method<ImportClaimsRequest, ImportClaimsResponse>("ImportClaims");

    private readonly Caller _caller;

    internal ClaimClient(Caller caller) => _caller = caller;

    /// <summary>Claims an identifier.</summary>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public Task<CreateClaimResponse> CreateAsync(CreateClaimRequest request, CancellationToken cancellationToken) =>
        _caller.AskAsync(CreateClaim, request, cancellationToken);

    /// <summary>Reads one claim.</summary>
    /// <exception cref="GridException">NOT_FOUND if it does not exist or is another agency's; or the grid could not be asked.</exception>
    public async Task<Claim> GetAsync(string claim, CancellationToken cancellationToken) =>
        (await _caller.AskAsync(GetClaim, new GetClaimRequest { Claim = claim }, cancellationToken)).Claim;

    /// <summary>Lists all claims that pass a filter, page by page as they are read. Page size and token of the filter are not used.</summary>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public IAsyncEnumerable<Claim> ListAsync(ListClaimsRequest filter, CancellationToken cancellationToken) => Caller.PagesAsync<Claim>(
        async (size, token) =>
        {
            var page = filter.Clone();
            (page.PageSize, page.PageToken) = (size, token);
            var answer = await _caller.AskAsync(ListClaims, page, cancellationToken);
            return (answer.Claims, answer.NextPageToken);
        },
        cancellationToken);

    /// <summary>Changes a claim.</summary>
    /// <exception cref="GridException">ABORTED if the etag is stale; or the grid refused, or could not be asked.</exception>
    public async Task<Claim> UpdateAsync(UpdateClaimRequest request, CancellationToken cancellationToken) =>
        (await _caller.AskAsync(UpdateClaim, request, cancellationToken)).Claim;

    /// <summary>Moves a claim's expiry.</summary>
    /// <exception cref="GridException">FAILED_PRECONDITION if it has ended; or the grid refused, or could not be asked.</exception>
    public async Task<Claim> RenewAsync(RenewClaimRequest request, CancellationToken cancellationToken) =>
        (await _caller.AskAsync(RenewClaim, request, cancellationToken)).Claim;

    /// <summary>Ends a claim.</summary>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public async Task<Claim> ReleaseAsync(ReleaseClaimRequest request, CancellationToken cancellationToken) =>
        (await _caller.AskAsync(ReleaseClaim, request, cancellationToken)).Claim;

    /// <summary>Ends all live claims of a case.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public async Task<long> ReleaseCaseAsync(ReleaseCaseRequest request, CancellationToken cancellationToken) =>
        (await _caller.AskAsync(ReleaseCase, request, cancellationToken)).ReleasedCount;

    /// <summary>Makes ready an import of many claims, which survives a server that goes away in the middle.</summary>
    public ClaimImport Import(ImportOptions options) => new(
        token => ValueTask.FromResult<IImportStream>(new RpcImportStream(_caller.Channel.DuplexStream(ImportClaims, cancellationToken: token))),
        _caller.Options.RequestedBy,
        options,
        _caller.Options.Time,
        Random.Shared);

    private static RpcMethod<TRequest, TResponse> Method<TRequest, TResponse>(string name)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>
        where TResponse : class, Google.Protobuf.IMessage<TResponse> =>
        Caller.Method<TRequest, TResponse>(ClaimServiceReflection.Descriptor, name);
}
