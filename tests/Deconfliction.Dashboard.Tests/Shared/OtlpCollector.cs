using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Dashboard.Tests.Shared;

/// <summary>Takes what servers push by OTLP, as a collector does: each server under a path of its own.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, string Text)> _received = new();
    private readonly Task _receiving;
    private readonly int _port = NodeProcess.FreePort();

    /// <summary>Listens from now on.</summary>
    public OtlpCollector()
    {
        _listener.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _listener.Start();
        _receiving = ReceiveAsync();
    }

    /// <summary>All that has come. Protobuf, but names and values stand in it as they are, a byte a character.</summary>
    public IReadOnlyList<(string Path, string Text)> Received => [.. _received];

    /// <summary>The environment of a server that pushes here, often.</summary>
    public IReadOnlyDictionary<string, string> VariablesOf(string server) => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{_port}/{server}", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500", ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
    };

    /// <summary>What came from a server of a signal, <c>traces</c> or <c>metrics</c>.</summary>
    public IEnumerable<string> Texts(string server, string signal) => _received.Where(one => one.Path == $"/{server}/v1/{signal}").Select(one => one.Text);

    /// <summary>The traces of which a server sent a span of such a name, by their ids in hexadecimal.</summary>
    public IReadOnlySet<string> TracesOf(string server, Func<string, bool> isNamed) => Texts(server, "traces").SelectMany(Spans)
        .Where(one => isNamed(one.Name)).Select(one => one.Trace).ToHashSet(StringComparer.Ordinal);

    /// <summary>The names of the spans that a server sent.</summary>
    public IReadOnlyList<string> NamesOf(string server) => [.. Texts(server, "traces").SelectMany(Spans).Select(one => one.Name).Distinct().Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await Waiting.WithinAsync("the collector has ended", TimeSpan.FromSeconds(60), _receiving);
        _listener.Close();
    }

    // opentelemetry/proto/trace/v1: a span begins with its trace's id (field 1, 16 bytes) and its own (field 2, 8 bytes); its parent's
    // (field 4) and its flags (field 16, 4 bytes) may follow, and its name (field 5) does.
    private static IEnumerable<(string Trace, string Name)> Spans(string text)
    {
        const string Start = "\x0A\x10";
        for (var at = text.IndexOf(Start, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Start, at + 1, StringComparison.Ordinal))
        {
            var own = at + 18;
            if (own + 12 > text.Length || text[own] != '\x12' || text[own + 1] != '\x08')
            {
                continue;
            }

            var name = own + 10;
            name += text[name] == '\x22' && text[name + 1] == '\x08' ? 10 : 0;
            name += name + 8 < text.Length && text[name] == '\x85' && text[name + 1] == '\x01' ? 6 : 0;

            if (name + 2 < text.Length && text[name] == '\x2A' && name + 2 + text[name + 1] <= text.Length)
            {
                yield return (Convert.ToHexStringLower(Encoding.Latin1.GetBytes(text[(at + 2)..own])), text.Substring(name + 2, text[name + 1]));
            }
        }
    }

    private async Task ReceiveAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                var isPacked = context.Request.Headers["Content-Encoding"] == "gzip";
                await (isPacked ? new GZipStream(context.Request.InputStream, CompressionMode.Decompress) : context.Request.InputStream).CopyToAsync(body);
                _received.Enqueue((context.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray())));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
            catch (Exception problem) when (problem is HttpListenerException or ObjectDisposedException && !_listener.IsListening)
            {
                return;
            }
        }
    }
}
