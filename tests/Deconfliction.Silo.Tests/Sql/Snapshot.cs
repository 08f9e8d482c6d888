namespace Deconfliction.Silo.Tests.Sql;

/// <summary>What the storage tests store.</summary>
[GenerateSerializer]
[Alias("deconfliction.tests.snapshot")]
public sealed class Snapshot
{
    /// <summary>Some text.</summary>
    [Id(0)]
    public string Text { get; set; } = string.Empty;
}
