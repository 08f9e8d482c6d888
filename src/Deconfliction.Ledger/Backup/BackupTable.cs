namespace Deconfliction.Ledger.Backup;

/// <summary>What a column holds, whatever the database calls it. Values are Guid, byte[], string, long, bool; times are microseconds.</summary>
internal enum BackupKind
{
    /// <summary>A UUID.</summary>
    Id,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number of 64 bits.</summary>
    Long,

    /// <summary>One of 32 bits.</summary>
    Int,

    /// <summary>One of 16 bits.</summary>
    Small,

    /// <summary>Yes or no.</summary>
    Flag,

    /// <summary>Whole microseconds since the start of the year 1, UTC.</summary>
    Time,
}

/// <summary>A column.</summary>
internal readonly record struct BackupColumn(string Name, BackupKind Kind);

/// <summary>A table of the ledger as a backup has it.</summary>
internal sealed record BackupTable(string Name, IReadOnlyList<BackupColumn> Columns)
{
    /// <summary>All tables. Their columns have the same names in both databases.</summary>
    public static readonly IReadOnlyList<BackupTable> All =
    [
        Of("identifier", "id:Id tag:Bytes key_id:Int version:Long hazard:Text crowd:Flag"),
        Of(
            "claim",
            "id:Id identifier_id:Id agency:Text role:Small case_ref:Text requested_by:Text priority:Small handling:Small disclosure:Small "
            + "window_from:Time window_until:Time window_tolerance:Long port:Int created_at:Time expires_at:Time ended_at:Time "
            + "end_reason:Small revision:Int rule_version:Int held:Flag expiry_announced:Flag sealed:Bytes"),
        Of(
            "overlap",
            "id:Id identifier_id:Id claim_a:Id claim_b:Id agency_a:Text agency_b:Text raised_a:Flag raised_b:Flag contact_given_a:Flag "
            + "contact_given_b:Flag acknowledged_at_a:Time acknowledged_at_b:Time strength:Small window_assumed:Flag found_at:Time "
            + "outcome:Small resolved_at:Time"),
        Of(
            "alert",
            "id:Id to_agency:Text position:Long kind:Small claim_id:Id overlap_id:Id visibility:Small from_agency:Text from_claim_id:Id "
            + "from_case:Text note:Text created_at:Time"),
        Of("feed", "agency:Text acknowledged:Long head:Long oldest_kept:Long"),
        Of("agency", "id:Text name:Text role:Small contact:Text revoked:Flag created_at:Time"),
        Of("certificate", "agency:Text serial:Text not_before:Time not_after:Time revoked:Flag expiry_announced:Flag"),
        Of(
            "audit",
            "writer:Long number:Long at:Time agency:Text certificate:Text requested_by:Text operation:Small tag:Bytes case_ref:Text "
            + "purpose:Text request_id:Id payload_hash:Bytes subjects:Bytes result:Text disclosures:Bytes hash:Bytes"),
        Of(
            "audit_writer",
            "writer:Long opened_at:Time holder:Text base_number:Long base_hash:Bytes base_seal:Bytes head_number:Long head_hash:Bytes "
            + "head_seal:Bytes place_seal:Bytes"),
        Of("setting", "name:Text value:Text"),
    ];

    /// <summary>The columns' names, for SQL.</summary>
    public string Names => string.Join(", ", Columns.Select(column => column.Name));

    /// <summary>The columns with their kinds, as the manifest has them.</summary>
    public string Layout => string.Join(' ', Columns.Select(column => $"{column.Name}:{column.Kind}"));

    private static BackupTable Of(string name, string columns) => new(
        name,
        [.. columns.Split(' ').Select(column => column.Split(':')).Select(parts => new BackupColumn(parts[0], Enum.Parse<BackupKind>(parts[1])))]);
}
