using Deconfliction.Cli.Screens;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Import;

/// <summary>What became of the lines so far. Lines are rejected where they are read and where they are answered: both tell here.</summary>
internal sealed class ImportTally(Action<Rejection> showRejection, Action<long, Hazard> showHazard)
{
    private readonly Lock _lock = new();

    public long Accepted { get; private set; }

    public long Rejected { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>Overlaps disclosed in the answers to new claims.</summary>
    public long Overlaps { get; private set; }

    /// <summary>Lines, new or duplicate, whose identifier is a hazard.</summary>
    public long Hazards { get; private set; }

    public long Lines => Accepted + Rejected + Duplicates;

    public void Reject(Rejection rejection)
    {
        lock (_lock)
        {
            Rejected++;
            showRejection(rejection);
        }
    }

    public void Answered(ImportItem item, ImportResult result)
    {
        lock (_lock)
        {
            switch (result.ResultCase)
            {
                case ImportResult.ResultOneofCase.Accepted:
                    Accepted++;
                    Overlaps += result.Accepted.Overlaps.Count;
                    Note(item, result.Accepted);
                    break;
                case ImportResult.ResultOneofCase.Duplicate:
                    Duplicates++;
                    Note(item, result.Duplicate);
                    break;
                case ImportResult.ResultOneofCase.Rejected:
                    Rejected++;
                    showRejection(Rejection(item, result.Rejected));
                    break;
                default:
                    Rejected++;
                    showRejection(new Rejection(item.Line, "", "", "NO_RESULT", "The server's answer says neither yes nor no.", "Update this program."));
                    break;
            }
        }
    }

    public Record ToRecord(TimeSpan elapsed, bool complete)
    {
        lock (_lock)
        {
            return new Record()
                .Number("accepted", Accepted)
                .Number("rejected", Rejected)
                .Number("duplicates", Duplicates)
                .Number("overlaps", Overlaps)
                .Number("hazards", Hazards)
                .Seconds("seconds", elapsed)
                .Flag("complete", complete);
        }
    }

    private void Note(ImportItem item, ImportedClaim claim)
    {
        if (claim.Hazard is { } hazard)
        {
            Hazards++;
            showHazard(item.Line, hazard);
        }
    }

    private static Rejection Rejection(ImportItem item, ItemError error)
    {
        var field = ColumnNames.OfField(error.Field);
        return new Rejection(item.Line, field, Submitted(item.Claim, field), error.Reason, error.Description, error.Remedy);
    }

    /// <summary>What the line said in a column.</summary>
    private static string Submitted(ClaimInput claim, string column) => !ColumnNames.TryParse(column, out var known) ? "" : known switch
    {
        Column.Kind => claim.Identifier.Kind,
        Column.Value => claim.Identifier.Value,
        Column.Case => claim.CaseReference,
        Column.Contact => claim.Contact,
        Column.Purpose => claim.Purpose,
        Column.LegalBasis => claim.LegalBasis,
        Column.Priority => EnumText.Of(claim.Priority),
        Column.Disclosure => EnumText.Of(claim.Disclosure),
        Column.Handling => EnumText.Of(claim.Handling),
        Column.From => Moment(claim.Window?.From),
        Column.Until => Moment(claim.Window?.Until),
        Column.Tolerance => claim.Window?.Tolerance?.ToTimeSpan().TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "",
        Column.Port => claim.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Column.Expires => claim.Lifetime is { } lifetime ? $"{lifetime.Seconds / 86_400}" : "",
        _ => "",
    };

    private static string Moment(Google.Protobuf.WellKnownTypes.Timestamp? value) => value is null ? "" : new Record().Time("time", value)["time"];
}
