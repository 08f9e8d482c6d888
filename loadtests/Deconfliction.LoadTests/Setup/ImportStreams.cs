namespace Deconfliction.LoadTests.Setup;

/// <summary>Connections of one agency, one for each import stream.</summary>
internal sealed class ImportStreams : IAsyncDisposable
{
    private const int Most = 4;

    private ImportStreams(IReadOnlyList<AgencyUnderLoad> agencies) => Agencies = agencies;

    /// <summary>One each.</summary>
    public IReadOnlyList<AgencyUnderLoad> Agencies { get; }

    /// <summary>Adds the agency and connects it.</summary>
    public static async Task<ImportStreams> ConnectAsync(GridOnTrial grid, CancellationToken cancellationToken)
    {
        var identity = (await grid.AddAgenciesAsync(["importer"], cancellationToken))[0];
        return new ImportStreams([.. Enumerable.Range(0, Most).Select(_ => grid.Connect(identity, connections: 0))]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var agency in Agencies)
        {
            await agency.DisposeAsync();
        }
    }
}
