using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Gateway.Errors;
using Deconfliction.Gateway.Keys;
using Deconfliction.Gateway.Paging;
using Deconfliction.Gateway.Views;
using Deconfliction.Protocol.V1;
using Google.Protobuf.Collections;
using Claim = Deconfliction.Domain.Claims.Claim;
using OwnClaim = Deconfliction.Protocol.V1.OwnClaim;

namespace Deconfliction.Gateway.Claims;

/// <summary>The answer to a claim, alone or in an import.</summary>
internal sealed class ClaimAnswers(ClaimViews claims, OverlapViews overlaps, PageTokens tokens)
{
    /// <summary>The answer to a claim made alone.</summary>
    public CreateClaimResponse Whole(PreparedClaim prepared, Answer answer)
    {
        var (claim, content) = ClaimOf(prepared, answer);
        var response = new CreateClaimResponse
        {
            Claim = claims.Own(claim, content, answer.Hazard, answer.CrowdBand),
            Duplicate = answer.Status == AnswerStatus.Duplicate,
            NextOverlapsPageToken = NextPage(claim, answer),
            Hazard = claims.Hazard(answer.Hazard, content.Identifier),
            Crowd = Crowds.Read(answer.CrowdBand),
            DisclosureNotice = OverlapViews.Notice(answer.PointerCount),
        };
        AddPointers(response.Overlaps, answer, claim, content);
        AddOwn(response.OwnClaims, answer);
        return response;
    }

    /// <summary>The answer to an item of an import.</summary>
    public ImportResult Short(ImportItem item, PreparedClaim prepared, Answer answer)
    {
        var (claim, content) = ClaimOf(prepared, answer);
        var imported = new ImportedClaim
        {
            Claim = claim.Id.ToString(),
            ExpireTime = ClaimViews.Time(claim.ExpiresAt),
            RenewTime = claims.RenewTime(claim),
            NextOverlapsPageToken = NextPage(claim, answer),
            Hazard = claims.Hazard(answer.Hazard, content.Identifier),
            Crowd = Crowds.Read(answer.CrowdBand),
            DisclosureNotice = OverlapViews.Notice(answer.PointerCount),
        };
        AddPointers(imported.Overlaps, answer, claim, content);
        AddOwn(imported.OwnClaims, answer);
        return answer.Status == AnswerStatus.Duplicate
            ? new ImportResult { Position = item.Position, Line = item.Line, Duplicate = imported }
            : new ImportResult { Position = item.Position, Line = item.Line, Accepted = imported };
    }

    private (Claim Claim, SealedContent Content) ClaimOf(PreparedClaim prepared, Answer answer)
    {
        if (answer.Status is not (AnswerStatus.Done or AnswerStatus.Duplicate) || answer.Claim is not { } claim)
        {
            // The replay of a claim that ended so long ago that it is kept no more.
            throw new ProblemException(Problems.ClaimEnded);
        }

        return (claim, claim.Id == prepared.Command.Draft.Id ? prepared.Content : claims.Open(claim));
    }

    private string NextPage(Claim claim, Answer answer) =>
        answer.PointerCount > answer.Pointers.Count && answer.Pointers is [.., var last]
            ? tokens.Make(
                claim.Agency, PageMethods.ListOverlaps, new ListOverlapsRequest { Claim = claim.Id.ToString() }, last.OverlapId.ToByteArray(bigEndian: true))
            : "";

    private void AddPointers(RepeatedField<OverlapPointer> views, Answer answer, Claim claim, SealedContent content)
    {
        foreach (var pointer in answer.Pointers)
        {
            views.Add(overlaps.Of(pointer, claim, content, pointer.Overlap));
        }
    }

    private static void AddOwn(RepeatedField<OwnClaim> views, Answer answer)
    {
        foreach (var own in answer.OwnClaims)
        {
            views.Add(ClaimViews.Short(own));
        }
    }
}
