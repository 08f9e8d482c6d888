using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Client.Agencies;

/// <summary>AgencyService; for operators, but for <see cref="RenewCertificateAsync"/>.</summary>
public sealed class AgencyClient
{
    private static readonly RpcMethod<CreateAgencyRequest, CreateAgencyResponse> Create = Method<CreateAgencyRequest, CreateAgencyResponse>("CreateAgency");
    private static readonly RpcMethod<ListAgenciesRequest, ListAgenciesResponse> List = Method<ListAgenciesRequest, ListAgenciesResponse>("ListAgencies");
    private static readonly RpcMethod<RevokeAgencyRequest, RevokeAgencyResponse> Revoke = Method<RevokeAgencyRequest, RevokeAgencyResponse>("RevokeAgency");
    private static readonly RpcMethod<RenewCertificateRequest, RenewCertificateResponse> Renew =
        Method<RenewCertificateRequest, RenewCertificateResponse>("RenewCertificate");
    private static readonly RpcMethod<IssueCertificateRequest, IssueCertificateResponse> Issue =
        Method<IssueCertificateRequest, IssueCertificateResponse>("IssueCertificate");

    private readonly Caller _caller;

    internal AgencyClient(Caller caller) => _caller = caller;

    /// <summary>Adds an agency and signs its certificate request.</summary>
    /// <exception cref="GridException">ALREADY_EXISTS if the id is taken; or the grid refused, or could not be asked.</exception>
    public Task<CreateAgencyResponse> CreateAsync(CreateAgencyRequest request, CancellationToken cancellationToken) =>
        _caller.AskAsync(Create, request, cancellationToken);

    /// <summary>Lists all agencies, page by page as they are read.</summary>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public IAsyncEnumerable<Agency> ListAsync(CancellationToken cancellationToken) => Caller.PagesAsync<Agency>(
        async (size, token) =>
        {
            var answer = await _caller.AskAsync(List, new ListAgenciesRequest { PageSize = size, PageToken = token }, cancellationToken);
            return (answer.Agencies, answer.NextPageToken);
        },
        cancellationToken);

    /// <summary>Refuses an agency from now on.</summary>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public async Task<Agency> RevokeAsync(RevokeAgencyRequest request, CancellationToken cancellationToken) =>
        (await _caller.AskAsync(Revoke, request, cancellationToken)).Agency;

    /// <summary>Gets a new certificate for the agency that asks.</summary>
    /// <exception cref="GridException">The grid refused, or could not be asked.</exception>
    public Task<RenewCertificateResponse> RenewCertificateAsync(RenewCertificateRequest request, CancellationToken cancellationToken) =>
        _caller.AskAsync(Renew, request, cancellationToken);

    /// <summary>Gets a new certificate for another agency.</summary>
    /// <exception cref="GridException">
    /// NOT_FOUND if there is no such agency, FAILED_PRECONDITION if it is revoked; or the grid refused, or could not be asked.
    /// </exception>
    public Task<IssueCertificateResponse> IssueCertificateAsync(IssueCertificateRequest request, CancellationToken cancellationToken) =>
        _caller.AskAsync(Issue, request, cancellationToken);

    private static RpcMethod<TRequest, TResponse> Method<TRequest, TResponse>(string name)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>
        where TResponse : class, Google.Protobuf.IMessage<TResponse> =>
        Caller.Method<TRequest, TResponse>(AgencyServiceReflection.Descriptor, name);
}
