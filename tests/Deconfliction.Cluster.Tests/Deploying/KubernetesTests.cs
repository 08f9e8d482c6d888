using System.Text.RegularExpressions;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Cluster.Tests.Deploying;

/// <summary>What the manifests for Kubernetes say fits together: pods, and what selects, asks, drains and connects them.</summary>
public sealed class KubernetesTests
{
    // What the silo takes at most to end: the .NET host's own limit, which it does not change.
    private const int DrainSeconds = 30;

    private static readonly string[] s_files =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "cluster", "kubernetes"), "*.yaml").Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static readonly YamlValue[] s_all = [.. s_files.SelectMany(static file => YamlValue.Read("kubernetes", file))];
    private static readonly YamlValue s_silos = One("StatefulSet", "silo")["spec"];
    private static readonly YamlValue s_pod = s_silos["template"]["spec"];
    private static readonly YamlValue s_silo = Assert.Single(s_pod["containers"].Items);
    private static readonly IReadOnlyDictionary<string, string> s_labels = s_silos["template"]["metadata"]["labels"].Texts;

    private static readonly Dictionary<string, int> s_ports =
        s_silo["ports"].Items.ToDictionary(static port => port["name"].Text, static port => port["containerPort"].Number, StringComparer.Ordinal);

    [Fact]
    public void Kustomization_TakesInEveryFileAndTheImageOfEveryContainer()
    {
        var kustomization = Assert.Single(s_all, static one => one["kind"].Text == "Kustomization");
        Assert.Equal(s_files.Except(["kustomization.yaml"]), kustomization["resources"].Items.Select(static one => one.Text).Order(StringComparer.Ordinal));
        Assert.Equal(One("Namespace", kustomization["namespace"].Text)["metadata"]["name"].Text, kustomization["namespace"].Text);
        var images = kustomization["images"].Items.Select(static image => image["name"].Text).ToList();
        Assert.All(Containers(), container => Assert.Contains(container["image"].Text, images));
    }

    [Fact]
    public void Selectors_OfEveryManifest_FindTheSilosPods()
    {
        (string Of, YamlValue Selector)[] selectors =
        [
            ("set", s_silos["selector"]["matchLabels"]),
            ("service grid", One("Service", "grid")["spec"]["selector"]),
            ("service silos", One("Service", "silos")["spec"]["selector"]),
            ("disruption budget", One("PodDisruptionBudget", "silo")["spec"]["selector"]["matchLabels"]),
            ("network policy", One("NetworkPolicy", "silo")["spec"]["podSelector"]["matchLabels"]),
            .. Affinities().Select(static term => (term.ToString(), term["labelSelector"]["matchLabels"])),
            // Whom a policy lets in or out by its pod alone is a silo too.
            .. Peers("ingress").Concat(Peers("egress")).Where(static peer => peer.Keys is ["podSelector"]).Select(static peer => (peer.ToString(), peer["podSelector"]["matchLabels"])),
        ];

        Assert.Equal(9, selectors.Length);
        Assert.All(selectors, static one =>
        {
            Assert.NotEmpty(one.Selector.Texts); // An empty one finds everything.
            Assert.All(one.Selector.Texts, label => Assert.True(s_labels.GetValueOrDefault(label.Key) == label.Value, $"{one.Of} looks for {label}, and no silo has it."));
        });
        Assert.Equal("silos", s_silos["serviceName"].Text);
        Assert.Equal("None", One("Service", "silos")["spec"]["clusterIP"].Text);
    }

    [Fact]
    public void Silos_AreKeptOnDifferentNodes()
    {
        var affinity = s_pod["affinity"]["podAntiAffinity"];
        Assert.Equal("kubernetes.io/hostname", Assert.Single(affinity["requiredDuringSchedulingIgnoredDuringExecution"].Items)["topologyKey"].Text);
        Assert.Equal(2, Affinities().Count());
    }

    [Fact]
    public void Silo_IsAskedForItsHealth_AndNeverEndedBecauseOfItsDatabase()
    {
        foreach (var (probe, page) in new[] { ("startupProbe", "/health/live"), ("livenessProbe", "/health/live"), ("readinessProbe", "/health/ready") })
        {
            var asked = s_silo[probe]["httpGet"];
            Assert.Equal((page, "ops", "HTTPS"), (asked["path"].Text, asked["port"].Text, asked["scheme"].Text));
            Assert.InRange(s_silo[probe]["timeoutSeconds"].Number, 1, 5);
        }

        // One that does not answer is out of the way before it is ended.
        Assert.True(Patience("readinessProbe") < Patience("livenessProbe"));

        static int Patience(string probe) => s_silo[probe]["periodSeconds"].Number * s_silo[probe]["failureThreshold"].Number;
    }

    [Fact]
    public void Silo_ThatEnds_GetsTheTimeThatItsDrainTakes()
    {
        var command = s_silo["lifecycle"]["preStop"]["exec"]["command"].Items;
        Assert.Equal("sleep", command[0].Text);
        Assert.InRange(command[1].Number, 1, 15);
        var given = s_pod["terminationGracePeriodSeconds"].Number;
        Assert.True(given > command[1].Number + DrainSeconds, $"{given} s are given, and {command[1].Number} s of waiting and {DrainSeconds} s of draining are needed.");
    }

    [Fact]
    public void Disruption_TakesASiloAtATimeAndLeavesTheMost()
    {
        var (replicas, budget) = (s_silos["replicas"].Number, One("PodDisruptionBudget", "silo")["spec"]);
        var stay = budget.Find("minAvailable")?.Number ?? (replicas - budget["maxUnavailable"].Number);
        Assert.True(stay < replicas, "No node can be drained.");
        Assert.True(stay * 2 > replicas, $"Of {replicas} silos {stay} stay.");
        Assert.Equal("RollingUpdate", s_silos["updateStrategy"]["type"].Text);
    }

    [Fact]
    public void Ports_OfServicesSettingsAndPolicy_AreThoseOfThePod()
    {
        Assert.Equal(["grpc", "ops", "silo"], s_ports.Keys.Order(StringComparer.Ordinal));
        foreach (var service in s_all.Where(static one => one["kind"].Text == "Service"))
        {
            Assert.All(service["spec"]["ports"].Items, static port => Assert.Equal(port["port"].Number, s_ports[port["targetPort"].Text]));
        }

        Assert.Equal(["grpc"], One("Service", "grid")["spec"]["ports"].Items.Select(static port => port["targetPort"].Text));
        foreach (var (variable, port) in new[] { ("DECONFLICTION_LISTEN", "grpc"), ("DECONFLICTION_SILO", "silo"), ("DECONFLICTION_OPS", "ops") })
        {
            Assert.Equal($"$(POD_IP):{s_ports[port]}", Variable(variable)["value"].Text);
        }

        Assert.Equal(s_ports.Values.Order(), Rules("ingress").SelectMany(static rule => rule["ports"].Items).Select(static port => port["port"].Number).Order());
    }

    [Fact]
    public void Policy_OpensTheSiloPortToSilosAloneAndTheOpsPortToMonitoring()
    {
        var policy = One("NetworkPolicy", "silo")["spec"];
        Assert.Equal(["Egress", "Ingress"], policy["policyTypes"].Items.Select(static type => type.Text).Order(StringComparer.Ordinal));
        foreach (var rule in Rules("ingress"))
        {
            var port = Assert.Single(rule["ports"].Items); // A rule without ports would open them all, and so would one that ends elsewhere.
            Assert.Equal(["port", "protocol"], port.Keys.Order(StringComparer.Ordinal));
            var from = rule.Find("from") is { } peers ? Assert.Single(peers.Items) : null;
            switch (s_ports.Single(one => one.Value == port["port"].Number).Key)
            {
                case "silo":
                    Assert.Equal(["podSelector"], from!.Keys); // With a namespace beside it, it would be others' pods.
                    break;
                case "ops":
                    Assert.Equal("monitoring", from!["namespaceSelector"]["matchLabels"].Texts["deconfliction/role"]);
                    break;
                default:
                    Assert.Null(from); // Agencies come from anywhere.
                    break;
            }
        }

        // Out goes only what names to whom and where.
        Assert.All(Rules("egress"), static rule => Assert.True(rule["to"].Items.Count > 0 && rule["ports"].Items.All(static port => port.Find("port") is not null), rule.ToString()));
        Assert.DoesNotContain(Peers("egress"), static peer => peer.Find("ipBlock") is { } block && block["cidr"].Text.EndsWith("/0", StringComparison.Ordinal));
    }

    [Fact]
    public void Policy_LetsOutWhatIsPushedToTheCollectorAsTheGuideSays()
    {
        var rule = Assert.Single(Rules("egress"), static rule => rule["ports"].Items.Any(static port => port["port"].Number == 4317));
        Assert.Equal([4317, 4318], rule["ports"].Items.Select(static port => port["port"].Number));
        Assert.Equal(new Dictionary<string, string> { ["deconfliction/role"] = "monitoring" }, Assert.Single(rule["to"].Items)["namespaceSelector"]["matchLabels"].Texts);
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md"));
        Assert.Contains("`deconfliction/role: monitoring`", guide, StringComparison.Ordinal);
        Assert.Contains("`grpc` (so unless set; port 4317) or `http/protobuf` (port 4318)", guide, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_AreReferredToAndNeverSaid()
    {
        string[] kinds = ["Kustomization", "Namespace", "NetworkPolicy", "PodDisruptionBudget", "Service", "StatefulSet"];
        Assert.Equal(kinds, s_all.Select(static one => one["kind"].Text).Distinct().Order(StringComparer.Ordinal)); // Neither a Secret nor a ConfigMap.
        Assert.DoesNotContain(s_all.SelectMany(static one => one.Keys), static key => key is "secretGenerator" or "configMapGenerator");

        Assert.Equal(["name", "valueFrom"], Variable("DECONFLICTION_CONNECTION").Keys);
        Assert.Equal(["secretKeyRef"], Variable("DECONFLICTION_CONNECTION")["valueFrom"].Keys);
        foreach (var variable in Containers().SelectMany(static container => container["env"].Items).Where(static one => one.Find("value") is not null))
        {
            // What is said in clear are names, addresses and paths; where a name is a secret's, the value is the path of its file.
            var (name, value) = (variable["name"].Text, variable["value"].Text);
            Assert.Matches("^[$()A-Za-z0-9_.:/-]{1,64}$", value);
            if (Regex.IsMatch(name, "TOKEN|KEY|PASSWORD|SECRET|PKI|HEADERS", RegexOptions.None, TimeSpan.FromMinutes(1)))
            {
                Assert.StartsWith("/run/deconfliction/", value, StringComparison.Ordinal);
            }
        }

        // The folder of these paths is memory, filled from volumes that are secrets.
        var volumes = s_pod["volumes"].Items.ToDictionary(static volume => volume["name"].Text, StringComparer.Ordinal);
        Assert.All(Containers().SelectMany(static container => container["volumeMounts"].Items), mount =>
        {
            var (path, volume) = (mount["mountPath"].Text, volumes[mount["name"].Text]);
            if (path == "/run/deconfliction")
            {
                Assert.Equal("Memory", volume["emptyDir"]["medium"].Text);
            }
            else if (path.StartsWith("/secrets/", StringComparison.Ordinal))
            {
                Assert.NotEmpty(volume["secret"]["secretName"].Text);
                Assert.Equal("true", mount["readOnly"].Text);
            }
        });
    }

    // The namespace enforces it: a pod that breaks it is not even made.
    [Fact]
    public void Pod_KeepsToTheRestrictedStandardOfItsNamespace()
    {
        Assert.Equal("restricted", One("Namespace", "deconfliction")["metadata"]["labels"].Texts["pod-security.kubernetes.io/enforce"]);
        Assert.Equal("true", s_pod["securityContext"]["runAsNonRoot"].Text);
        Assert.Equal("RuntimeDefault", s_pod["securityContext"]["seccompProfile"]["type"].Text);
        Assert.All(Containers(), static container =>
        {
            Assert.Equal("false", container["securityContext"]["allowPrivilegeEscalation"].Text);
            Assert.Equal(["ALL"], container["securityContext"]["capabilities"]["drop"].Items.Select(static one => one.Text));
            Assert.Null(container["securityContext"]["capabilities"].Find("add"));
        });
        Assert.DoesNotContain(s_pod.Keys, static key => key.StartsWith("host", StringComparison.Ordinal));
        Assert.All(s_pod["volumes"].Items, static volume => Assert.Null(volume.Find("hostPath")));
    }

    private static YamlValue One(string kind, string name) =>
        Assert.Single(s_all, one => one["kind"].Text == kind && one["metadata"]["name"].Text == name);

    private static IEnumerable<YamlValue> Containers() => s_pod["initContainers"].Items.Append(s_silo);

    private static YamlValue Variable(string name) => Assert.Single(s_silo["env"].Items, one => one["name"].Text == name);

    private static IEnumerable<YamlValue> Affinities() => s_pod["affinity"].All().Where(static one => one.Find("topologyKey") is not null);

    private static IReadOnlyList<YamlValue> Rules(string way) => One("NetworkPolicy", "silo")["spec"][way].Items;

    private static IEnumerable<YamlValue> Peers(string way) => Rules(way).SelectMany(rule => (rule.Find("from") ?? rule.Find("to"))?.Items ?? []);
}
