using System.Security.Cryptography.X509Certificates;
using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Errors;
using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Input;
using Deconfliction.Gateway.Paging;
using Deconfliction.Grid;
using Deconfliction.Grid.Agencies;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Gateway.Agencies;

/// <summary>deconfliction.v1.AgencyService: the members of the grid and their certificates.</summary>
internal sealed class AgencyService(
    IAgencyDirectory directory,
    IGatewayStore store,
    AgencyReader reader,
    CertificateIssuing issuing,
    AgencyDomains domains,
    RequestContexts contexts,
    PageTokens tokens,
    IGrid grid)
{
    public async Task<CreateAgencyResponse> CreateAgency(CreateAgencyRequest request, ServerCallContext context)
    {
        var faults = new Faults();
        var asked = reader.Read(request, faults);
        var recorded = contexts.Recorded(RequestContexts.CallerOf(context), request, faults);
        faults.ThrowIfAny();
        var draft = issuing.Draft(asked.Id, recorded.RequestId!.Value);
        var record = new AgencyRecord(
            asked.Id, request.Name, asked.Role, request.Contact, IsRevoked: false, grid.Now, draft is null ? [] : [draft]);
        // Of outside authorities the default one is bound too: it stays the agency's when their order changes, and takes the place of what
        // an attempt that failed has left. The grid's own is alone, and may give way to an outside one later.
        var bound = asked.Domain ?? (issuing.IsBuiltIn ? (TrustDomain?)null : domains.Default);
        if (directory.Find(asked.Id) is null && bound is { } domain)
        {
            // Before the agency: one that exists must have its domain.
            await domains.BindAsync(asked.Id, domain, context.CancellationToken);
        }

        if (!await directory.AddAsync(record, recorded, context.CancellationToken))
        {
            throw new ProblemException(AgencyProblems.Taken);
        }

        var added = directory.Find(asked.Id) ?? throw new ProblemException(Problems.NoSuchAgency);
        var (pem, _) = issuing.Issue(added, draft, asked.Key);
        return new CreateAgencyResponse { Agency = AgencyViews.Of(added), CertificatePem = pem, CaPem = issuing.AuthorityPem };
    }

    public async Task<ListAgenciesResponse> ListAgencies(ListAgenciesRequest request, ServerCallContext context)
    {
        var caller = RequestContexts.CallerOf(context);
        var faults = new Faults();
        var size = Pages.Size(request.PageSize, faults);
        faults.ThrowIfAny();
        var filter = new ListAgenciesRequest();
        var after = request.PageToken.Length > 0
            ? System.Text.Encoding.ASCII.GetString(tokens.Read(request.PageToken, caller.Agency, PageMethods.ListAgencies, filter))
            : "";
        // Changes made through another node are to be seen by whoever asks after them.
        await directory.CatchUpAsync(context.CancellationToken);
        var page = directory.All.Where(agency => string.CompareOrdinal(agency.Id.Value, after) > 0).Take(size + 1).ToList();
        var response = new ListAgenciesResponse();
        response.Agencies.AddRange(page.Take(size).Select(AgencyViews.Of));
        if (page.Count > size)
        {
            response.NextPageToken = tokens.Make(
                caller.Agency, PageMethods.ListAgencies, filter, System.Text.Encoding.ASCII.GetBytes(page[size - 1].Id.Value));
        }

        await store.RecordAsync(
            new AuditDraft
            {
                Agency = caller.Agency,
                Certificate = caller.Certificate,
                Operation = Operation.ReadAgencies,
                Result = $"DONE {response.Agencies.Count}",
            },
            context.CancellationToken);
        return response;
    }

    public async Task<RevokeAgencyResponse> RevokeAgency(RevokeAgencyRequest request, ServerCallContext context)
    {
        var faults = new Faults();
        var id = AgencyReader.Id(request.Agency, faults);
        var recorded = contexts.Recorded(RequestContexts.CallerOf(context), request, faults);
        faults.ThrowIfAny();
        if (IsLastOperator(id))
        {
            throw new ProblemException(AgencyProblems.LastOperator);
        }

        if (!await directory.RevokeAsync(id, recorded, context.CancellationToken) || directory.Find(id) is not { } revoked)
        {
            throw new ProblemException(Problems.NoSuchAgency);
        }

        return new RevokeAgencyResponse { Agency = AgencyViews.Of(revoked) };
    }

    public async Task<RenewCertificateResponse> RenewCertificate(RenewCertificateRequest request, ServerCallContext context)
    {
        var caller = RequestContexts.CallerOf(context);
        var faults = new Faults();
        var key = reader.Key(request.CsrPem, faults);
        var recorded = contexts.Recorded(caller, request, faults);
        faults.ThrowIfAny();
        var (pem, issued) = await CertifyAsync(caller.Agency, key, recorded, context.CancellationToken);
        return new RenewCertificateResponse { CertificatePem = pem, CaPem = issuing.AuthorityPem, Certificate = issued };
    }

    public async Task<IssueCertificateResponse> IssueCertificate(IssueCertificateRequest request, ServerCallContext context)
    {
        var faults = new Faults();
        var id = AgencyReader.Id(request.Agency, faults);
        var key = reader.Key(request.CsrPem, faults);
        var recorded = contexts.Recorded(RequestContexts.CallerOf(context), request, faults);
        faults.ThrowIfAny();
        if (!request.KeyLost)
        {
            await RequireNoneValidAsync(id, recorded.RequestId!.Value, context.CancellationToken);
        }

        var (pem, issued) = await CertifyAsync(id, key, recorded, context.CancellationToken);
        return new IssueCertificateResponse { CertificatePem = pem, CaPem = issuing.AuthorityPem, Certificate = issued };
    }

    // A mistyped id would make whoever sent the request another agency, and no certificate is taken back alone (ADR 19).
    private async Task RequireNoneValidAsync(AgencyId id, Guid requestId, CancellationToken cancellationToken)
    {
        await directory.CatchUpAsync(cancellationToken);
        if (directory.Find(id) is { IsRevoked: false } agency
            && issuing.Draft(id, requestId) is { } draft
            && CertificateIssuing.ValidUntil(agency, draft.Serial, grid.Now) is { } end)
        {
            throw new ProblemException(AgencyProblems.StillValid(id, end));
        }
    }

    private async Task<(string Pem, Certificate Issued)> CertifyAsync(
        AgencyId id, PublicKey? key, RequestContext recorded, CancellationToken cancellationToken)
    {
        var draft = issuing.Draft(id, recorded.RequestId!.Value) ?? throw new ProblemException(AgencyProblems.OutsideAuthority);
        var isAdded = await directory.AddCertificateAsync(id, draft, recorded, cancellationToken);
        var agency = directory.Find(id) ?? throw new ProblemException(Problems.NoSuchAgency);
        if (!isAdded)
        {
            throw new ProblemException(AgencyProblems.Revoked);
        }

        var (pem, issued) = issuing.Issue(agency, draft, key);
        return (pem, AgencyViews.Of(issued!));
    }

    // Without an operator nobody could add or revoke anybody any more.
    private bool IsLastOperator(AgencyId id) =>
        directory.Find(id) is { Role: Domain.Agencies.AgencyRole.Operator, IsRevoked: false }
        && directory.All.Count(agency => agency is { Role: Domain.Agencies.AgencyRole.Operator, IsRevoked: false }) == 1;
}
