using Deconfliction.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Deconfliction.Cli.Tests.Grid;

/// <summary>Full examples of what the grid answers.</summary>
internal static class Samples
{
    /// <summary>A case in which nothing is live.</summary>
    public const string UnknownCase = "OP-0";

    public static readonly Timestamp Time = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public static OverlapPointer Overlap() => new()
    {
        Overlap = "ov-1",
        Claim = "cl-1",
        Kind = "ip",
        Identifier = "198.18.0.1",
        CaseReference = "OP-1",
        Visibility = Visibility.Open,
        OtherAgency = "bka",
        OtherAgencyName = "Bundeskriminalamt",
        OtherContact = "+49 611 55-0",
        OtherCase = "BK-7",
        OtherHandling = Handling.TlpAmberStrict,
        Strength = Strength.Exact,
        State = OverlapState.New,
        FoundTime = Time,
    };

    public static Claim Claim(string claim = "cl-1") => new()
    {
        Claim_ = claim,
        Kind = "ip",
        Identifier = "198.18.0.1",
        SubmittedValue = "198[.]18.0.1",
        CaseReference = "OP-1",
        Contact = "desk@example.org",
        Priority = Priority.High,
        Disclosure = Disclosure.Open,
        Handling = Handling.H1,
        State = ClaimState.Live,
        CreateTime = Time,
        ExpireTime = Time,
        RenewTime = Time,
        Etag = "e1",
        RuleVersion = 1,
    };

    public static Agency Agency(string id, AgencyState state = AgencyState.Active) => new()
    {
        Agency_ = id,
        Name = "An agency",
        Role = AgencyRole.LawEnforcement,
        Contact = "desk@example.org",
        State = state,
        CreateTime = Time,
        Certificates = { new Certificate { Serial = "0A", NotBefore = Time, NotAfter = Time } },
    };

    /// <summary>A crowd, where the case asks for one.</summary>
    public static Crowd? Crowd(string caseReference) => caseReference == "OP-CROWD" ? new Crowd { AtLeast = 20 } : null;

    public static StreamAlertsResponse Alert(long position) => new()
    {
        Alert = new Alert
        {
            Position = position,
            Alert_ = $"al-{position}",
            AlertKind = AlertKind.OverlapFound,
            CreateTime = Time,
            Claim = "cl-1",
            Kind = "ip",
            Identifier = "198.18.0.1",
            CaseReference = "OP-1",
            Overlap = Overlap(),
        },
    };

    public static StreamAlertsResponse Heartbeat(long head, long acknowledged = 0) => new()
    {
        Heartbeat = new Heartbeat { HeadPosition = head, OldestPosition = Math.Min(1, head), AcknowledgedPosition = acknowledged, Time = Time },
    };
}
