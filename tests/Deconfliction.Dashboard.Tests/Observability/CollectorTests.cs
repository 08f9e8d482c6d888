using System.Globalization;
using System.Text.RegularExpressions;
using Deconfliction.Dashboard.Tests.Shared;
using Deconfliction.Testing.Processes;
using YamlDotNet.RepresentationModel;

namespace Deconfliction.Dashboard.Tests.Observability;

/// <summary>
/// The shipped configuration of an OpenTelemetry Collector, without one (no registry at hand has it): that it is whole, that a real server pushes
/// to where it listens in what it speaks there, and that what an operator must set is written down.
/// </summary>
public sealed partial class CollectorTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly string s_file = ShippedNames.PathOf("otel-collector.yaml");
    private static readonly string s_guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md"));

    // The components of the contrib distribution that are used, and what of each is set: what is misspelt is not among them.
    private static readonly Dictionary<string, string[]> s_known = new()
    {
        ["receivers/otlp"] = ["protocols"],
        ["processors/memory_limiter"] = ["check_interval", "limit_mib"],
        ["processors/batch"] = ["timeout"],
        ["exporters/otlp"] = ["endpoint", "tls"],
        ["exporters/prometheus"] = ["endpoint", "resource_to_telemetry_conversion"],
    };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Pipelines_OfTracesAndMetrics_AreOfWhatIsDefinedAndLeaveNothingOut()
    {
        var root = Read();
        Assert.Equal(["exporters", "processors", "receivers", "service"], Keys(root).Order());
        foreach (var part in (string[])["receivers", "processors", "exporters"])
        {
            var defined = Map(root, part);
            var used = new HashSet<string>(StringComparer.Ordinal);
            foreach (var signal in Keys(Map(root, "service", "pipelines")))
            {
                var names = ((YamlSequenceNode)Map(root, "service", "pipelines", signal).Children[new YamlScalarNode(part)]).Children.Select(Text).ToList();
                Assert.All(names, name => Assert.Contains(name, Keys(defined)));
                used.UnionWith(names);
            }

            Assert.Equal(Keys(defined).Order(), used.Order());
            Assert.All(Keys(defined), name => Assert.All(Keys(Map(defined, name)), setting => Assert.Contains(setting, s_known[$"{part}/{name.Split('/')[0]}"])));
        }

        Assert.Equal(["metrics", "traces"], Keys(Map(root, "service", "pipelines")).Order());
        // A limiter of memory is of use only before everything else.
        Assert.All(Keys(Map(root, "service", "pipelines")), signal =>
            Assert.Equal("memory_limiter", Text(((YamlSequenceNode)Map(root, "service", "pipelines", signal).Children[new YamlScalarNode("processors")])[0])));
    }

    [Fact]
    public void Receiver_ListensOnLoopbackOnTheStandardPorts_AsTheGuideSays()
    {
        var protocols = Map(Read(), "receivers", "otlp", "protocols");
        Assert.Equal("127.0.0.1:4317", Text(Map(protocols, "grpc").Children[new YamlScalarNode("endpoint")]));
        Assert.Equal("127.0.0.1:4318", Text(Map(protocols, "http").Children[new YamlScalarNode("endpoint")]));
        // Without TLS, so on loopback alone; and what both texts tell nodes to push to is that.
        var told = Endpoint().Matches(File.ReadAllText(s_file)).Concat(Endpoint().Matches(s_guide)).Select(match => match.Groups["url"].Value).ToList();
        Assert.True(told.Count >= 2);
        Assert.All(told, url => Assert.Equal("http://127.0.0.1:4317", url));
        Assert.Contains("`grpc` (so unless set; port 4317) or `http/protobuf` (port 4318)", s_guide, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_AndEveryAddress_AreInTheGuide()
    {
        var text = File.ReadAllText(s_file);
        var variables = Variable().Matches(text).Select(match => match.Groups["name"].Value).Distinct().ToList();
        Assert.Equal(["TRACES_ENDPOINT"], variables);
        Assert.All(variables, name => Assert.Contains($"`{name}`", s_guide, StringComparison.Ordinal));
        Assert.Contains($"`{Text(Map(Read(), "exporters", "prometheus").Children[new YamlScalarNode("endpoint")])}`", s_guide, StringComparison.Ordinal);
        Assert.Equal("true", Text(Map(Read(), "exporters", "otlp/traces", "tls").Children[new YamlScalarNode("insecure")]));
        Assert.Contains("take `insecure: true` out", s_guide, StringComparison.Ordinal);
        // Every file that the guide names is there, and every variable that it tells of is one that the server heeds or OpenTelemetry's own.
        Assert.All(ShippedFile().Matches(s_guide).Select(match => match.Value.Trim('`')), file => Assert.True(File.Exists(ShippedNames.PathOf(file)), file));
        Assert.Contains("(docs/telemetry.md)", File.ReadAllText(Path.Combine(Repository.Root, "README.md")), StringComparison.Ordinal);
    }

    // What a server sends where nothing but the endpoint is set is gRPC: HTTP/2 with prior knowledge, on each signal's method.
    [Fact]
    public async Task Server_WithTheEndpointAlone_PushesGrpcWithoutTlsAsTheReceiverTakesIt()
    {
        await using var receiver = await GrpcReceiver.StartAsync();
        await using var server = new ServerProcess(_folder["data"])
        {
            Variables = new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{receiver.Port.ToString(CultureInfo.InvariantCulture)}", ["OTEL_METRIC_EXPORT_INTERVAL"] = "500", ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
                ["OTEL_EXPORTER_OTLP_HEADERS"] = "authorization=Bearer of-the-test",
            },
        };
        Directory.CreateDirectory(server.Data);
        await server.StartAsync();
        await new CommandLine(server.Url, server.OperatorFile, server.AuthorityFile).JsonAsync("agency", "list");
        await Waiting.UntilAsync(
            () => $"both signals have come; {string.Join(", ", receiver.Received.Distinct())} came", s_limit,
            () => Task.FromResult(receiver.Received.Contains("/opentelemetry.proto.collector.trace.v1.TraceService/Export HTTP/2 application/grpc Bearer of-the-test")
                && receiver.Received.Contains("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export HTTP/2 application/grpc Bearer of-the-test")));
    }

    public void Dispose() => _folder.Dispose();

    private static YamlMappingNode Read()
    {
        using var text = File.OpenText(s_file);
        var yaml = new YamlStream();
        yaml.Load(text);
        return (YamlMappingNode)Assert.Single(yaml.Documents).RootNode;
    }

    // A component with nothing set is an empty scalar.
    private static YamlMappingNode Map(YamlMappingNode node, params string[] path) =>
        path.Aggregate(node, static (at, key) => at.Children[new YamlScalarNode(key)] as YamlMappingNode ?? new YamlMappingNode());

    private static IEnumerable<string> Keys(YamlMappingNode node) => node.Children.Keys.Select(Text);

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    [GeneratedRegex(@"OTEL_EXPORTER_OTLP_ENDPOINT(=|` \| where to: `)(?<url>http[^`\s]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Endpoint();

    [GeneratedRegex(@"\$\{env:(?<name>[A-Z_]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Variable();

    [GeneratedRegex("`(otel-collector.yaml|prometheus.yml|alerts.yml|grafana-dashboard.json)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex ShippedFile();
}
