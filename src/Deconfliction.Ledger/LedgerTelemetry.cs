namespace Deconfliction.Ledger;

/// <summary>What exporters need to know of the ledger's measurements and traces.</summary>
public static class LedgerTelemetry
{
    /// <summary>Name of the meter with <c>deconfliction.ledger.commit.duration</c>, <c>.group.size</c> and <c>.append.stale</c>.</summary>
    public const string MeterName = "Deconfliction.Ledger";

    /// <summary>Name of the activity source with <c>deconfliction.ledger.append</c> and <c>deconfliction.ledger.commit</c>.</summary>
    public const string SourceName = "Deconfliction.Ledger";
}
