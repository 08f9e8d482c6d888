using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.Testing.Processes;

namespace Deconfliction.LoadTests.Rows;

/// <summary>
/// One silo of the cluster edition against the plain Orleans grain, both called from inside the silo. Measured by <c>cluster-loadtests</c>,
/// which is only there where Orleans is.
/// </summary>
internal sealed class SiloRow : IRow
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public string Name => "silo";

    private static string Program =>
        Path.Combine(Repository.Root, "loadtests", "Deconfliction.ClusterLoadTests", "bin", Repository.Configuration, "net10.0", "cluster-loadtests.dll");

    public async Task RunAsync(RowBench bench, CancellationToken cancellationToken)
    {
        if (bench.Options.WithoutSilo is { } reason)
        {
            bench.Say($"left out: {reason}");
            bench.Result.LeftOut = reason;
            return;
        }

        using var folder = new TemporaryFolder();
        var path = folder["cluster"];
        await RunAsync(bench, path, cancellationToken);
        var measured = JsonSerializer.Deserialize<Content>(await File.ReadAllTextAsync(path + ".json", cancellationToken), s_json)!;
        foreach (var figure in measured.Figures)
        {
            switch (figure.Unit)
            {
                case "x":
                    bench.Add($"one silo of the cluster edition against (c), both called from inside the silo, {WhatOf(figure.Name)}", "x", figure.Rounds, new Target(8, 12));
                    break;
                case "claims/s":
                    bench.Result.Sides.Add(new SideResult
                    {
                        Name = figure.Name, Callers = CallersOf(figure.Name), Unit = figure.Unit, Rounds = figure.Rounds, Latency = figure.Latency, Cpu = figure.Cpu,
                        Tried = TriedOf(measured.Notes, figure.Name),
                    });
                    break;
                default:
                    break; // What a claim allocates, and how many there are in a group: in the cluster's own report.
            }
        }

        bench.Result.Notes.AddRange(measured.Notes.Where(static note => !note.Contains("callers tried", StringComparison.Ordinal)));
    }

    private static async Task RunAsync(RowBench bench, string path, CancellationToken cancellationToken)
    {
        List<string> words = [Program, "--callers", "64", "256", "1024", "--keep", path];
        words.AddRange(bench.Options.IsQuick
            ? ["--only", "fresh", "--quick"]
            : ["--only", "fresh", "warm", "--rounds", Text(bench.Options.Rounds), "--seconds", Text((int)bench.Options.Length.TotalSeconds)]);
        using var process = Process.Start(new ProcessStartInfo("dotnet", words) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("dotnet could not be started.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        try
        {
            while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
            {
                bench.Say(line);
            }

            await process.WaitForExitAsync(cancellationToken);
        }
        finally
        {
            if (!process.HasExited)
            {
                // Its own children end with it: they read their orders from it.
                process.Kill();
            }
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"cluster-loadtests ended with {process.ExitCode}: {await output}");
        }
    }

    // "one silo, fresh identifiers: ours, 256 callers"
    private static string WhatOf(string name) => name.Split(": ")[0].Replace("one silo, ", "", StringComparison.Ordinal);

    private static string CallersOf(string name) => name.Split(", ")[^1].Replace(" callers", "", StringComparison.Ordinal);

    // "one silo, fresh identifiers, ours: callers tried 256: 13,298/s, 1024: 11,131/s; the best is measured."
    private static string TriedOf(IEnumerable<string> notes, string name)
    {
        const string Mark = ": callers tried ";
        var beginning = name[..name.LastIndexOf(", ", StringComparison.Ordinal)].Replace(": ", ", ", StringComparison.Ordinal) + Mark;
        return notes.FirstOrDefault(note => note.StartsWith(beginning, StringComparison.Ordinal)) is { } note ? note[beginning.Length..].Split(';')[0] : "";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Content(IReadOnlyList<Figure> Figures, IReadOnlyList<string> Notes);
}
