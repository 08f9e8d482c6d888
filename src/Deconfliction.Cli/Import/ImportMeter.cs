using Deconfliction.Cli.Invocation;
using Spectre.Console;

namespace Deconfliction.Cli.Import;

/// <summary>A live progress bar on standard error, drawn a few times a second.</summary>
internal static class ImportMeter
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs an import under a progress bar.</summary>
    /// <param name="console">A terminal.</param>
    /// <param name="file">What is imported.</param>
    /// <param name="tally">What became of it so far.</param>
    /// <param name="surroundings">The clock of redrawing, and the language.</param>
    /// <param name="import">The import.</param>
    public static Task RunAsync(IAnsiConsole console, ImportFile file, ImportTally tally, Surroundings surroundings, Func<Task> import) => console.Progress()
        .AutoClear(true)
        .Columns(new SpinnerColumn(), new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .StartAsync(async context =>
        {
            var bar = context.AddTask("starting", maxValue: Math.Max(1, file.Length));
            var started = surroundings.Time.GetTimestamp();
            using var timer = new PeriodicTimer(Redraw, surroundings.Time);
            var running = import();
            while (!running.IsCompleted)
            {
                bar.Value = file.BytesRead;
                bar.Description = surroundings.Speech.Of(Describe(tally, surroundings.Time.GetElapsedTime(started)));
                await Task.WhenAny(running, timer.WaitForNextTickAsync().AsTask());
            }

            await running;
        });

    private static string Describe(ImportTally tally, TimeSpan elapsed) =>
        $"{tally.Lines:N0} lines, {tally.Lines / Math.Max(0.001, elapsed.TotalSeconds):N0}/s; "
        + $"{tally.Accepted:N0} accepted, {tally.Duplicates:N0} duplicates, {tally.Rejected:N0} rejected, {tally.Overlaps:N0} overlaps";
}
