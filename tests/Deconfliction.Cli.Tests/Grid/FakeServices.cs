using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Cli.Tests.Grid;

internal sealed class FakeClaims(FakeState state)
{
    public Task<CreateClaimResponse> CreateClaim(CreateClaimRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new CreateClaimResponse
        {
            Claim = Samples.Claim(),
            Overlaps = { Samples.Overlap() },
            OwnClaims = { new OwnClaim { Claim = "cl-0", CaseReference = "OP-0" } },
            Crowd = Samples.Crowd(request.Claim.CaseReference),
            DisclosureNotice = DisclosureNotice.OverlapsDisclosed,
        });
    }

    public Task<GetClaimResponse> GetClaim(GetClaimRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new GetClaimResponse { Claim = Samples.Claim(request.Claim) });
    }

    public Task<ListClaimsResponse> ListClaims(ListClaimsRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(request.PageToken.Length == 0
            ? new ListClaimsResponse { Claims = { Samples.Claim("cl-1") }, NextPageToken = "next" }
            : new ListClaimsResponse { Claims = { Samples.Claim("cl-2") } });
    }

    public Task<UpdateClaimResponse> UpdateClaim(UpdateClaimRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new UpdateClaimResponse { Claim = Samples.Claim(request.Claim) });
    }

    public Task<RenewClaimResponse> RenewClaim(RenewClaimRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new RenewClaimResponse { Claim = Samples.Claim(request.Claim) });
    }

    public Task<ReleaseClaimResponse> ReleaseClaim(ReleaseClaimRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new ReleaseClaimResponse { Claim = Samples.Claim(request.Claim) });
    }

    public Task<ReleaseCaseResponse> ReleaseCase(ReleaseCaseRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new ReleaseCaseResponse { ReleasedCount = request.CaseReference == Samples.UnknownCase ? 0 : 3 });
    }

    public async Task ImportClaims(
        IAsyncStreamReader<ImportClaimsRequest> requests, IServerStreamWriter<ImportClaimsResponse> responses, ServerCallContext context)
    {
        await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
        {
            state.Asked(request);
            var response = new ImportClaimsResponse();
            response.Results.AddRange(request.Items.Select(state.Keep));
            await state.AfterBatch(state.Claims);
            await responses.WriteAsync(response, context.CancellationToken);
        }
    }
}

internal sealed class FakeChecks(FakeState state)
{
    public Task<CheckResponse> Check(CheckRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new CheckResponse
        {
            Kind = request.Identifier.Kind,
            Identifier = request.Identifier.Value,
            Hits = { new CheckHit { Visibility = Visibility.Masked, Strength = Strength.Exact } },
            Crowd = Samples.Crowd(request.CaseReference),
            DisclosureNotice = DisclosureNotice.OverlapsDisclosed,
            CheckTime = Samples.Time,
        });
    }

    public async Task StreamChecks(
        IAsyncStreamReader<StreamChecksRequest> requests, IServerStreamWriter<StreamChecksResponse> responses, ServerCallContext context)
    {
        await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
        {
            state.Asked(request);
        }
    }
}

internal sealed class FakeOverlaps(FakeState state)
{
    public Task<GetOverlapResponse> GetOverlap(GetOverlapRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new GetOverlapResponse { Overlap = Samples.Overlap() });
    }

    public Task<ListOverlapsResponse> ListOverlaps(ListOverlapsRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new ListOverlapsResponse { Overlaps = { Samples.Overlap() } });
    }

    public Task<AcknowledgeOverlapResponse> AcknowledgeOverlap(AcknowledgeOverlapRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new AcknowledgeOverlapResponse { Overlap = Samples.Overlap() });
    }

    public Task<ResolveOverlapResponse> ResolveOverlap(ResolveOverlapRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new ResolveOverlapResponse { Overlap = Samples.Overlap() });
    }

    public Task<RequestContactResponse> RequestContact(RequestContactRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new RequestContactResponse { RequestTime = Samples.Time });
    }

    public Task<DiscloseOverlapResponse> DiscloseOverlap(DiscloseOverlapRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new DiscloseOverlapResponse { Overlap = Samples.Overlap() });
    }
}

internal sealed class FakeAlerts(FakeState state)
{
    public async Task StreamAlerts(StreamAlertsRequest request, IServerStreamWriter<StreamAlertsResponse> responses, ServerCallContext context)
    {
        state.Asked(request);
        foreach (var response in state.Feed(request))
        {
            await responses.WriteAsync(response, context.CancellationToken);
        }
    }

    public Task<AcknowledgeAlertsResponse> AcknowledgeAlerts(AcknowledgeAlertsRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new AcknowledgeAlertsResponse { AcknowledgedPosition = request.UpToPosition });
    }
}

internal sealed class FakeAgencies(FakeState state)
{
    public Task<CreateAgencyResponse> CreateAgency(CreateAgencyRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(request.CsrPem.Length == 0 ? new CreateAgencyResponse { Agency = Samples.Agency(request.Agency) } : new CreateAgencyResponse
        {
            Agency = Samples.Agency(request.Agency), CertificatePem = state.Authority.SignPem(request.CsrPem), CaPem = state.Authority.Pem,
        });
    }

    public Task<ListAgenciesResponse> ListAgencies(ListAgenciesRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new ListAgenciesResponse { Agencies = { Samples.Agency("met"), Samples.Agency("bka") } });
    }

    public Task<RevokeAgencyResponse> RevokeAgency(RevokeAgencyRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new RevokeAgencyResponse { Agency = Samples.Agency(request.Agency, AgencyState.Revoked) });
    }

    public Task<IssueCertificateResponse> IssueCertificate(IssueCertificateRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new IssueCertificateResponse
        {
            CertificatePem = state.Authority.SignPem(request.CsrPem),
            CaPem = state.Authority.Pem,
            Certificate = new Certificate { Serial = "0C", NotBefore = Samples.Time, NotAfter = Samples.Time },
        });
    }

    public Task<RenewCertificateResponse> RenewCertificate(RenewCertificateRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new RenewCertificateResponse
        {
            CertificatePem = state.Authority.SignPem(request.CsrPem),
            CaPem = state.Authority.Pem,
            Certificate = new Certificate { Serial = "0B", NotBefore = Samples.Time, NotAfter = Samples.Time },
        });
    }
}

internal sealed class FakeAudit(FakeState state)
{
    public Task<ListAuditEntriesResponse> ListAuditEntries(ListAuditEntriesRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new ListAuditEntriesResponse
        {
            Entries =
            {
                new AuditEntry
                {
                    Writer = "w1", Sequence = 1, Time = Samples.Time, Operation = "Claim", Outcome = "DONE", Agency = "met",
                    Disclosures = { new AuditDisclosure { ToAgency = "met", OfAgency = "bka", Visibility = Visibility.Open, Overlap = "ov-1" } },
                },
            },
        });
    }

    public Task<VerifyAuditResponse> VerifyAudit(VerifyAuditRequest request, ServerCallContext context)
    {
        state.Asked(request);
        return Task.FromResult(new VerifyAuditResponse
        {
            EntriesChecked = 7, FirstFault = state.AuditFault,
        });
    }
}
