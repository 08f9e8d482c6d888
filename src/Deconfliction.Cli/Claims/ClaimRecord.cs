using Deconfliction.Cli.Overlaps;
using Deconfliction.Cli.Screens;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Claims;

/// <summary>What is told of a claim, and of the answer to one.</summary>
internal static class ClaimRecord
{
    public static readonly string[] Columns =
        ["claim", "kind", "identifier", "case", "contact", "priority", "disclosure", "handling", "state", "expire_time", "hazard"];

    public static Record Of(Claim claim) => new Record()
        .Text("claim", claim.Claim_)
        .Text("kind", claim.Kind)
        .Text("identifier", claim.Identifier)
        .Text("submitted_value", claim.SubmittedValue)
        .Text("case", claim.CaseReference)
        .Text("contact", claim.Contact)
        .Text("purpose", claim.Purpose)
        .Text("legal_basis", claim.LegalBasis)
        .Text("priority", EnumText.Of(claim.Priority))
        .Text("disclosure", EnumText.Of(claim.Disclosure))
        .Text("handling", EnumText.Of(claim.Handling))
        .Part("window", OfWindow(claim.Window))
        .Number("port", claim.Port > 0 ? claim.Port : null)
        .Text("state", EnumText.Of(claim.State))
        .Time("create_time", claim.CreateTime)
        .Time("expire_time", claim.ExpireTime)
        .Time("renew_time", claim.RenewTime)
        .Time("end_time", claim.EndTime)
        .Text("etag", claim.Etag)
        .Number("rule_version", claim.RuleVersion)
        .Part("hazard", OfHazard(claim.Hazard))
        .Part("crowd", OfCrowd(claim.Crowd));

    /// <summary>The answer to a claim: the claim's fields, and what goes with them.</summary>
    public static Record Of(CreateClaimResponse answer)
    {
        var claim = answer.Claim ?? new Claim();
        claim.Hazard ??= answer.Hazard;
        claim.Crowd ??= answer.Crowd;
        return Of(claim)
            .Flag("duplicate", answer.Duplicate)
            .List("overlaps", answer.Overlaps.Select(OverlapRecord.Of))
            .Flag("more_overlaps", answer.NextOverlapsPageToken.Length > 0)
            .List("own_claims", answer.OwnClaims.Select(OfOwn))
            .Text("disclosure_notice", EnumText.Of(answer.DisclosureNotice));
    }

    public static Record OfOwn(OwnClaim own) => new Record().Text("claim", own.Claim).Text("case", own.CaseReference);

    public static Record? OfHazard(Hazard? hazard) =>
        hazard is null ? null : new Record().Text("reason", hazard.Reason).Text("explanation", hazard.Explanation);

    public static Record? OfCrowd(Crowd? crowd)
    {
        if (crowd is null)
        {
            return null;
        }

        var band = new Record().Number("at_least", crowd.AtLeast);
        return crowd.AtMost == 0 ? band : band.Number("at_most", crowd.AtMost);
    }

    private static Record? OfWindow(Window? window) => window is null ? null : new Record()
        .Time("from", window.From)
        .Time("until", window.Until)
        .Seconds("tolerance_seconds", window.Tolerance?.ToTimeSpan() ?? TimeSpan.Zero);
}
