using Deconfliction.Cli.Claims;
using Deconfliction.Cli.Overlaps;
using Deconfliction.Cli.Screens;
using Deconfliction.Cli.Text;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Alerts;

/// <summary>What is told of an alert.</summary>
internal static class AlertRecord
{
    public static Record Of(Alert alert)
    {
        var record = new Record()
            .Number("position", alert.Position)
            .Text("alert", alert.Alert_)
            .Text("alert_kind", EnumText.Of(alert.AlertKind))
            .Time("create_time", alert.CreateTime)
            .Text("claim", alert.Claim)
            .Text("kind", alert.Kind)
            .Text("identifier", alert.Identifier)
            .Text("case", alert.CaseReference)
            .Part("overlap", alert.Overlap is null ? null : OverlapRecord.Of(alert.Overlap))
            .Part("counterpart", Of(alert.Counterpart))
            .Part("crowd", ClaimRecord.OfCrowd(alert.Crowd))
            .Time("expire_time", alert.ExpireTime);
        return alert.CertificateSerial.Length > 0 ? record.Text("certificate_serial", alert.CertificateSerial) : record;
    }

    /// <summary>The alert in a line for a reader; what it is about and what the other side wrote stays as it is.</summary>
    public static string Sentence(Alert alert, Speech speech)
    {
        var record = Of(alert);
        var subject = alert.Identifier.Length == 0 ? ""
            : $" {alert.Kind} {alert.Identifier}" + speech.Of($" (claim {alert.Claim}, case {alert.CaseReference})");
        return $"{alert.Position}  {record["create_time"]}  {record["alert_kind"]}{subject}{Other(alert, speech)}{End(record, speech)}";
    }

    private static string Other(Alert alert, Speech speech) => alert switch
    {
        { Counterpart: { } other } => Who(other.Agency, other.Contact, other.CaseReference, other.Purpose, speech) + Number(alert.Overlap, speech),
        { Overlap: { } overlap } => Who(overlap.OtherAgency, overlap.OtherContact, overlap.OtherCase, "", speech) + Number(overlap, speech),
        { Crowd: { } crowd } => ": " + speech.Of(crowd.AtMost == 0 ? $"{crowd.AtLeast} or more agencies" : $"{crowd.AtLeast} to {crowd.AtMost} agencies"),
        _ => "",
    };

    private static string Number(OverlapPointer? overlap, Speech speech) => overlap is null ? "" : speech.Of($"; overlap {overlap.Overlap}");

    private static string Who(string agency, string contact, string reference, string purpose, Speech speech) =>
        agency.Length == 0 ? ": " + speech.Of("an agency that does not show itself") : ": " + string.Join(", ", new[]
        {
            agency,
            contact.Length > 0 ? speech.Of($"contact {contact}") : "",
            reference.Length > 0 ? speech.Of($"case {reference}") : "",
            purpose.Length > 0 ? speech.Of($"purpose {purpose}") : "",
        }.Where(part => part.Length > 0));

    private static string End(Record record, Speech speech) => record["expire_time"] is { Length: > 0 } time ? speech.Of($"; expires {time}") : "";

    private static Record? Of(Counterpart? other) => other is null ? null : new Record()
        .Text("agency", other.Agency)
        .Text("agency_name", other.AgencyName)
        .Text("contact", other.Contact)
        .Text("case", other.CaseReference)
        .Text("purpose", other.Purpose);
}
