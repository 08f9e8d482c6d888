using Deconfliction.Gateway.Input;
using Deconfliction.Gateway.Views;
using Deconfliction.Ledger.Auditing;
using Google.Protobuf;
using Wire = Deconfliction.Protocol.V1;

namespace Deconfliction.Gateway.Audit;

/// <summary>Shows audit entries to auditors.</summary>
internal static class AuditViews
{
    public static Wire.AuditEntry Of(AuditEntry entry)
    {
        var draft = entry.Draft;
        var (result, about) = Split(draft.Result);
        var first = draft.Subjects is [var subject, ..] ? subject.ToString() : "";
        var view = new Wire.AuditEntry
        {
            Writer = entry.Writer.ToString(),
            Sequence = entry.Number,
            Time = ClaimViews.Time(entry.At),
            Operation = draft.Operation.ToString(),
            Outcome = result,
            Agency = draft.Agency.Value,
            CertificateSerial = draft.Certificate.ToUpperInvariant(),
            RequestedBy = draft.RequestedBy,
            CaseReference = draft.Case ?? "",
            Purpose = draft.Purpose ?? "",
            RequestId = draft.RequestId?.ToString() ?? "",
            Tag = draft.Tag is { } tag ? Convert.ToHexStringLower(tag.ToArray()) : "",
            Claim = IsOfClaim(draft.Operation) ? first : "",
            Overlap = IsOfOverlap(draft.Operation) ? first : "",
            SubjectAgency = IsOfAgency(draft.Operation) ? about : "",
            Hash = UnsafeByteOperations.UnsafeWrap(entry.Hash),
        };
        foreach (var shown in draft.Disclosures)
        {
            view.Disclosures.Add(new Wire.AuditDisclosure
            {
                ToAgency = shown.To.Value,
                OfAgency = shown.Of.Value,
                Visibility = EnumMaps.ToWire(shown.Visibility),
                Overlap = shown.OverlapId == Guid.Empty ? "" : shown.OverlapId.ToString(),
            });
        }

        return view;
    }

    // "DONE france": what was done, and to whom.
    private static (string Result, string About) Split(string result) =>
        result.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? (result[..space], result[(space + 1)..]) : (result, "");

    private static bool IsOfClaim(Operation operation) => operation is
        Operation.Claim or Operation.UpdateClaim or Operation.RenewClaim or Operation.ReleaseClaim;

    private static bool IsOfOverlap(Operation operation) => operation is
        Operation.AcknowledgeOverlap or Operation.ResolveOverlap or Operation.RequestContact or Operation.Disclose;

    private static bool IsOfAgency(Operation operation) => operation is
        Operation.CreateAgency or Operation.RevokeAgency or Operation.RenewCertificate;
}
