using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Dashboard.Tests.Observability;

/// <summary>What a server pushes by OTLP, as a collector gets it: never an identifier, a case, or who met whom.</summary>
public sealed class ExportSecrecyTests : IDisposable
{
    private const string Value = "forum-z8q3k.net";
    private const string Case = "SECRET-CASE-31";
    private const string Contact = "desk 4711-31";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<(string Path, string Text)> _received = new();

    [Fact]
    public async Task Exports_OfClaimsThatMeet_TellNothingOfWhoAndWhat()
    {
        using var collector = new HttpListener();
        var port = NodeProcess.FreePort();
        collector.Prefixes.Add($"http://127.0.0.1:{port}/");
        collector.Start();
        var receiving = ReceiveAsync(collector);
        await using var server = new ServerProcess(_folder["data"])
        {
            Variables = new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{port}", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "500", ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            },
        };
        Directory.CreateDirectory(server.Data);
        await server.StartAsync();
        var secrets = await MeetAsync(server);

        // Traces and metrics of all of it have come: the turns of two claims and a check, and the last call.
        await Waiting.UntilAsync(
            "the traces have come", s_limit, () => Texts("/v1/traces").Sum(text => text.Split("deconfliction.identifier.turn").Length - 1) >= 3);
        await Waiting.UntilAsync("the metrics have come", s_limit, () => Texts("/v1/metrics").Any(text =>
            text.Contains("deconfliction.overlap.detection.duration", StringComparison.Ordinal) && text.Contains("ListOverlaps", StringComparison.Ordinal)));
        Assert.All(_received, one => Assert.DoesNotContain(secrets, secret => one.Text.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain(server.Log.Split('\n'), line => secrets[..3].Any(secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        await server.StopAsync(s_limit);
        collector.Stop();
        await receiving;
    }

    public void Dispose() => _folder.Dispose();

    private IEnumerable<string> Texts(string path) => _received.Where(one => one.Path == path).Select(one => one.Text);

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

    // Protobuf, but names and values stand in it as they are.
    private async Task ReceiveAsync(HttpListener collector)
    {
        while (collector.IsListening)
        {
            try
            {
                var context = await collector.GetContextAsync();
                using var body = new MemoryStream();
                var isPacked = context.Request.Headers["Content-Encoding"] == "gzip";
                await (isPacked ? new GZipStream(context.Request.InputStream, CompressionMode.Decompress) : context.Request.InputStream).CopyToAsync(body);
                _received.Enqueue((context.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray())));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
            catch (Exception problem) when (problem is HttpListenerException or ObjectDisposedException && !collector.IsListening)
            {
                return;
            }
        }
    }
}
