namespace Deconfliction.Ledger;

/// <summary>Opens a ledger: brings its schema up to date, takes its lock, learns its time.</summary>
public static partial class LedgerFactory;
