using Deconfliction.Cli.Invocation;
using Deconfliction.Client;
using Deconfliction.Client.Import;
using Deconfliction.Protocol.V1;
using Spectre.Console;

namespace Deconfliction.Cli.Import;

/// <summary>One import: the file in, rejected lines out as they come, and a last line that sums up, also when it broke off.</summary>
internal sealed class ImportRun(Call call, string path)
{
    private IAnsiConsole? _terminal;

    public async Task<ExitStatus> RunAsync(
        FileFormat? format, ClaimInput template, IReadOnlyCollection<string> ignored, ImportOptions options, CancellationToken cancellationToken)
    {
        using var file = ImportFile.Open(
            FileStart.Open(path),
            format ?? FileFormats.OfPath(path) ?? throw new WrongUseException(
                "UNKNOWN_FORMAT", $"The name '{path}' does not say how the file is written.", "Name it .tsv, .csv or .jsonl, or give --format."),
            template,
            ignored);
        var tally = new ImportTally(Show, Show);
        var import = call.Grid.Claims.Import(options);
        import.Interrupted = Show;
        var time = call.Surroundings.Time;
        var started = time.GetTimestamp();
        var complete = false;
        try
        {
            await MeteredAsync(file, tally, () => import.RunAsync(file.Items(tally.Reject), tally.Answered, cancellationToken));
            complete = true;
        }
        finally
        {
            Summarise(tally, time.GetElapsedTime(started), complete);
        }

        return tally.Rejected > 0 ? ExitStatus.SomeRejected : ExitStatus.Done;
    }

    private async Task MeteredAsync(ImportFile file, ImportTally tally, Func<Task> import)
    {
        if (!call.Surroundings.ErrorIsTerminal || call.Screen.Json)
        {
            await import();
            return;
        }

        _terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(call.Surroundings.Error) });
        try
        {
            await ImportMeter.RunAsync(_terminal, file, tally, call.Surroundings, import);
        }
        finally
        {
            _terminal = null;
        }
    }

    private void Show(Rejection rejection)
    {
        call.Screen.OnlyJson(rejection.ToRecord());
        Say(rejection.Sentence(call.Screen.Speech), alsoToFile: true);
    }

    private void Show(long line, Hazard hazard) =>
        Say($"line {line}: hazard, so overlaps are held back: {hazard.Reason}: {hazard.Explanation}", alsoToFile: false);

    private void Show(GridError error, TimeSpan wait) =>
        call.Screen.Note($"Interrupted ({error.Description}); trying again in {wait.TotalSeconds:0.0} s. Nothing is lost.");

    /// <summary>A line for a reader. Where the bar is drawn, the line goes through it: otherwise they would overwrite each other.</summary>
    private void Say(string text, bool alsoToFile)
    {
        if (_terminal is { } terminal && call.Surroundings.OutputIsTerminal)
        {
            terminal.WriteLine(Screens.Printable.Of(call.Screen.Speech.Of(text)));
        }
        else if (alsoToFile)
        {
            call.Screen.Say(text);
        }
        else if (!call.Screen.Json)
        {
            call.Screen.Note(text);
        }
    }

    private void Summarise(ImportTally tally, TimeSpan elapsed, bool complete)
    {
        call.Screen.OnlyJson(tally.ToRecord(elapsed, complete));
        var rate = tally.Lines / Math.Max(0.001, elapsed.TotalSeconds);
        call.Screen.Say(
            $"{tally.Accepted:N0} accepted, {tally.Duplicates:N0} duplicates, {tally.Rejected:N0} rejected; {tally.Overlaps:N0} overlaps, {tally.Hazards:N0} hazards; "
            + $"{elapsed.TotalSeconds:0.0} s, {rate:N0} lines/s.{(complete ? "" : " Not complete: import the file again; what was claimed will count as duplicate.")}");
        call.Screen.Flush();
    }
}
