using Deconfliction.Cli.Screens;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Audit;

/// <summary>What is told of an audit entry, and of a verification.</summary>
internal static class AuditRecord
{
    public static Record Of(AuditEntry entry) => new Record()
        .Text("writer", entry.Writer)
        .Number("sequence", entry.Sequence)
        .Time("time", entry.Time)
        .Text("operation", entry.Operation)
        .Text("outcome", entry.Outcome)
        .Text("agency", entry.Agency)
        .Text("certificate_serial", entry.CertificateSerial)
        .Text("requested_by", entry.RequestedBy)
        .Text("case", entry.CaseReference)
        .Text("purpose", entry.Purpose)
        .Text("request_id", entry.RequestId)
        .Text("tag", entry.Tag)
        .Text("claim", entry.Claim)
        .Text("overlap", entry.Overlap)
        .Text("subject_agency", entry.SubjectAgency)
        .List("disclosures", entry.Disclosures.Select(Of))
        .Text("hash", Convert.ToHexStringLower(entry.Hash.Span));

    public static Record Of(VerifyAuditResponse answer) => new Record()
        .Flag("intact", answer.FirstFault is null)
        .Number("entries_checked", answer.EntriesChecked)
        .Part("first_fault", Of(answer.FirstFault));

    private static Record Of(AuditDisclosure disclosure) => new Record()
        .Text("to_agency", disclosure.ToAgency)
        .Text("of_agency", disclosure.OfAgency)
        .Text("visibility", EnumText.Of(disclosure.Visibility))
        .Text("overlap", disclosure.Overlap);

    private static Record? Of(AuditFault? fault) => fault is null ? null : new Record()
        .Text("writer", fault.Writer)
        .Number("sequence", fault.Sequence)
        .Text("problem", fault.Problem);
}
