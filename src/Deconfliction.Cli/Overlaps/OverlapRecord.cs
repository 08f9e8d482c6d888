using Deconfliction.Cli.Screens;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Overlaps;

/// <summary>What is told of an overlap.</summary>
internal static class OverlapRecord
{
    public static readonly string[] Columns =
        ["overlap", "kind", "identifier", "claim", "case", "other_agency", "other_contact", "other_case", "other_handling", "strength", "state"];

    public static Record Of(OverlapPointer overlap) => new Record()
        .Text("overlap", overlap.Overlap)
        .Text("kind", overlap.Kind)
        .Text("identifier", overlap.Identifier)
        .Text("claim", overlap.Claim)
        .Text("case", overlap.CaseReference)
        .Text("visibility", EnumText.Of(overlap.Visibility))
        .Text("other_agency", overlap.OtherAgency)
        .Text("other_agency_name", overlap.OtherAgencyName)
        .Text("other_contact", overlap.OtherContact)
        .Text("other_case", overlap.OtherCase)
        .Text("other_handling", EnumText.Of(overlap.OtherHandling))
        .Text("strength", EnumText.Of(overlap.Strength))
        .Text("state", EnumText.Of(overlap.State))
        .Flag("acknowledged_by_me", overlap.AcknowledgedByMe)
        .Flag("acknowledged_by_other", overlap.AcknowledgedByOther)
        .Text("outcome", EnumText.Of(overlap.Outcome))
        .Flag("window_assumed", overlap.WindowAssumed)
        .Time("found_time", overlap.FoundTime);
}
