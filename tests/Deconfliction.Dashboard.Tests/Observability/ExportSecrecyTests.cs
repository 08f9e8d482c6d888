using System.Text;
using System.Text.RegularExpressions;
using Deconfliction.Dashboard.Tests.Shared;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Dashboard.Tests.Observability;

/// <summary>
/// What a server pushes by OTLP, as a collector gets it: never an identifier, a case, or who met whom. Its log names the traces, where there
/// is somewhere to look one up, and only there.
/// </summary>
public sealed partial class ExportSecrecyTests : IDisposable
{
    private const string Value = "forum-z8q3k.net";
    private const string Case = "SECRET-CASE-31";
    private const string Contact = "desk 4711-31";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private static readonly string[] s_traced = ["TraceId:", "SpanId:"];

    [Fact]
    public async Task Exports_OfClaimsThatMeet_TellNothingOfWhoAndWhat()
    {
        await using var collector = new OtlpCollector();
        await using var server = new ServerProcess(_folder["data"]) { Variables = collector.VariablesOf("solo") };
        Directory.CreateDirectory(server.Data);
        await server.StartAsync();
        var secrets = await MeetAsync(server);
        // One call that is refused and so is logged: an agency asks for what operators alone are told.
        Assert.NotEqual(0, (await new CommandLine(server.Url, _folder["quokkapol.pem"], server.AuthorityFile).JsonAsync("audit", "list")).ExitCode);

        // Traces and metrics of all of it have come: the turns of two claims and a check, and the last call.
        await Waiting.UntilAsync(
            "the traces have come", s_limit, () => collector.Texts("solo", "traces").Sum(text => text.Split("deconfliction.identifier.turn").Length - 1) >= 3);
        await Waiting.UntilAsync("the metrics have come", s_limit, () => collector.Texts("solo", "metrics").Any(text =>
            text.Contains("deconfliction.overlap.detection.duration", StringComparison.Ordinal) && text.Contains("ListOverlaps", StringComparison.Ordinal)));
        await Waiting.UntilAsync("the refusal is logged", s_limit, () => Refusal(server) is not null);
        // The log's line names the trace that the collector got, so that the one leads to the other.
        var trace = TraceId().Match(Refusal(server)!).Groups["id"].Value;
        Assert.Equal(32, trace.Length);
        await Waiting.UntilAsync(
            "the refused call's trace has come", s_limit,
            () => collector.Texts("solo", "traces").Any(text => text.Contains(Encoding.Latin1.GetString(Convert.FromHexString(trace)), StringComparison.Ordinal)));
        Assert.All(collector.Received, one => Assert.DoesNotContain(secrets, secret => one.Text.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain(server.Log.Split('\n'), line => secrets[..3].Any(secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        await server.StopAsync(s_limit);
    }

    [Fact]
    public async Task Log_WhereNoTracesAreExported_NamesNone()
    {
        await using var server = new ServerProcess(_folder["data"]);
        Directory.CreateDirectory(server.Data);
        await server.StartAsync();
        await MeetAsync(server);
        await new CommandLine(server.Url, _folder["quokkapol.pem"], server.AuthorityFile).JsonAsync("audit", "list");
        await Waiting.UntilAsync("the refusal is logged", s_limit, () => Refusal(server) is not null);
        Assert.DoesNotContain(s_traced, mark => server.Log.Contains(mark, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private static string? Refusal(ServerProcess server) =>
        server.Log.Split('\n').FirstOrDefault(line => line.Contains("was denied", StringComparison.Ordinal));

    // What must not be in any byte that leaves: value, case, contact, the agencies' names, and every number of a claim or an overlap.
    private async Task<string[]> MeetAsync(ServerProcess server)
    {
        var operators = new CommandLine(server.Url, server.OperatorFile, server.AuthorityFile);
        var secrets = new List<string> { Value, Case, Contact };
        foreach (var agency in (string[])["zebrafinch", "quokkapol"])
        {
            (await operators.JsonAsync(
                "agency", "add", agency, "--name", agency, "--role", "LAW_ENFORCEMENT", "--contact", $"desk@{agency}.example", "--out", _folder[agency + ".pem"])).Expect(0);
            var agencys = new CommandLine(server.Url, _folder[agency + ".pem"], server.AuthorityFile);
            (await agencys.JsonAsync("claim", "domain", Value, "--case", Case, "--contact", Contact)).Expect(0);
            secrets.Add(agency);
        }

        var bravo = new CommandLine(server.Url, _folder["quokkapol.pem"], server.AuthorityFile);
        (await bravo.JsonAsync("check", "domain", Value, "--case", Case, "--purpose", "test")).Expect(0);
        var overlaps = (await bravo.JsonAsync("overlaps", "list")).Expect(0).Json;
        Assert.NotEmpty(overlaps);
        secrets.AddRange(overlaps.Select(row => row.GetProperty("overlap").GetString()!));
        return [.. secrets];
    }

    [GeneratedRegex("TraceId:(?<id>[0-9a-f]{32})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex TraceId();
}
