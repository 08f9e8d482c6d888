namespace Deconfliction.Cli.Import;

/// <summary>Puts a record's columns into a claim.</summary>
internal interface IRecordParser
{
    /// <summary>Returns why the record is rejected, or null.</summary>
    Rejection? Parse(RawRecord record, ItemBuilder builder);
}
