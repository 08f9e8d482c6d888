namespace Deconfliction.Cli.Screens;

/// <summary>Shows what a list command reads: each record at once in JSON mode, a table for a reader.</summary>
internal static class Listing
{
    // A table needs all its rows to find its widths; a long list is shown as several tables, in bounded memory.
    private const int RowsInATable = 1_000;

    public static async Task<ExitStatus> ShowAsync<T>(
        Screen screen, IAsyncEnumerable<T> items, Func<T, Record> toRecord, IReadOnlyList<string> columns, int? limit, string nothing)
    {
        var rows = new List<Record>();
        var count = 0;
        await foreach (var item in items)
        {
            var record = toRecord(item);
            screen.OnlyJson(record);
            if (!screen.Json)
            {
                rows.Add(record);
            }

            if (rows.Count == RowsInATable)
            {
                screen.Table(columns, rows);
                rows.Clear();
            }

            if (++count == limit)
            {
                break;
            }
        }

        screen.Table(columns, rows);
        if (count == 0)
        {
            screen.Say(nothing);
        }

        return ExitStatus.Done;
    }
}
