using System.Diagnostics;

namespace Deconfliction.Testing.Processes;

/// <summary>A silo's place in a <see cref="SiloNetwork"/>.</summary>
/// <param name="Namespace">Its network namespace.</param>
/// <param name="Address">Its address for agencies and other silos.</param>
/// <param name="FrontPort">The other end of its cable to them.</param>
/// <param name="StorePort">The other end of its cable to the database.</param>
public sealed record SiloPlace(string Namespace, string Address, string FrontPort, string StorePort);

/// <summary>
/// Two switches in the kernel: one joins the silos with each other and with their agencies, the other with the database. Each silo stands in
/// a network namespace with a cable to either, and cables can be cut: what is sent then vanishes, as on a real network, and nobody is
/// told.
/// </summary>
/// <remarks>The names carry the process id and a letter, so that what a killed run has left is known and taken away by the next.</remarks>
public sealed class SiloNetwork : IAsyncDisposable
{
    private const string Prefix = "dg";
    private static int s_networks;
    private readonly string _front;
    private readonly string _store;
    private readonly string _net;
    private readonly List<SiloPlace> _places = [];

    private readonly string _own;

    private SiloNetwork(int number)
    {
        // Names of network cards have 15 characters at most.
        _own = $"{Environment.ProcessId}{(char)('a' + (number % 26))}";
        _front = $"{Prefix}f{_own}";
        _store = $"{Prefix}s{_own}";
        _net = $"10.{64 + ((Environment.ProcessId + number) % 128)}";
    }

    /// <summary>The database's address for the silos, also this machine's.</summary>
    public string StoreAddress => $"{_net}.2.254";

    /// <summary>The places, in the order in which they were made.</summary>
    public IReadOnlyList<SiloPlace> Places => _places;

    /// <summary>Why there can be none here; nothing where there can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    /// <summary>Makes the switches.</summary>
    public static async Task<SiloNetwork> CreateAsync()
    {
        await SweepAsync();
        var network = new SiloNetwork(Interlocked.Increment(ref s_networks));
        await IpAsync($"link add {network._front} type bridge");
        await IpAsync($"link add {network._store} type bridge");
        await IpAsync($"addr add {network._net}.1.254/24 dev {network._front}");
        await IpAsync($"addr add {network.StoreAddress}/24 dev {network._store}");
        await IpAsync($"link set {network._front} up");
        await IpAsync($"link set {network._store} up");
        return network;
    }

    /// <summary>Makes a place for a silo.</summary>
    public async Task<SiloPlace> AddAsync()
    {
        var number = _places.Count + 1;
        var place = new SiloPlace($"{Prefix}-{_own}-{number}", $"{_net}.1.{number}", $"{_front}-{number}", $"{_store}-{number}");
        _places.Add(place);
        await IpAsync($"netns add {place.Namespace}");
        await IpAsync($"-n {place.Namespace} link set lo up");
        await PlugAsync(place.Namespace, "front", place.FrontPort, _front, $"{place.Address}/24");
        await PlugAsync(place.Namespace, "store", place.StorePort, _store, $"{_net}.2.{number}/24");
        return place;
    }

    /// <summary>Cuts all silos off from each other, or joins them again; each still reaches the database, and agencies each silo.</summary>
    public async Task CutSilosAsync(bool cut)
    {
        foreach (var place in _places)
        {
            await IpAsync($"link set {place.FrontPort} type bridge_slave isolated {(cut ? "on" : "off")}");
        }
    }

    /// <summary>Cuts one silo off from all others, or joins it again; all still reach the database, and agencies all of them.</summary>
    public async Task CutOffAsync(SiloPlace place, bool cut)
    {
        foreach (var other in _places.Where(other => other != place))
        {
            await DivertAsync(place, other, cut);
            await DivertAsync(other, place, cut);
        }
    }

    // A network card that nobody has: what is sent to it is lost on the way.
    private static Task DivertAsync(SiloPlace from, SiloPlace to, bool cut) => IpAsync(
        $"-n {from.Namespace} neigh {(cut ? $"replace {to.Address} lladdr 02:00:00:00:00:01 nud permanent" : $"del {to.Address}")} dev front");

    /// <summary>Cuts one silo off from the database, or joins it again.</summary>
    public Task CutFromStoreAsync(SiloPlace place, bool cut) => IpAsync(cut ? $"link set {place.StorePort} nomaster" : $"link set {place.StorePort} master {_store}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var place in _places)
        {
            // The cables first: those that fall with their namespace fall some time after it.
            await IpAsync($"link del {place.FrontPort}");
            await IpAsync($"link del {place.StorePort}");
            await IpAsync($"netns del {place.Namespace}");
        }

        await IpAsync($"link del {_front}");
        await IpAsync($"link del {_store}");
    }

    private static async Task PlugAsync(string space, string inside, string outside, string network, string address)
    {
        await IpAsync($"link add {outside} type veth peer name {inside} netns {space}");
        await IpAsync($"link set {outside} master {network}");
        await IpAsync($"link set {outside} up");
        await IpAsync($"-n {space} addr add {address} dev {inside}");
        await IpAsync($"-n {space} link set {inside} up");
    }

    private static string? FindObstacle()
    {
        if (Environment.UserName != "root")
        {
            return "Network namespaces need root, and this is not.";
        }

        if (!File.Exists("/usr/sbin/ip") && !File.Exists("/sbin/ip") && !File.Exists("/usr/bin/ip"))
        {
            return "Network namespaces need the program ip (Debian: iproute2), and it is not here.";
        }

        try
        {
            // A container may be root and still not be allowed to.
            IpAsync($"netns add {Prefix}-{Environment.ProcessId}-try").GetAwaiter().GetResult();
            IpAsync($"netns del {Prefix}-{Environment.ProcessId}-try").GetAwaiter().GetResult();
            return null;
        }
        catch (InvalidOperationException problem)
        {
            return $"Network namespaces are not permitted here: {problem.Message}";
        }
    }

    private static async Task SweepAsync()
    {
        var spaces = await IpAsync("netns list");
        foreach (var space in spaces.Split('\n').Select(line => line.Split(' ')[0]).Where(name => name.StartsWith(Prefix + "-", StringComparison.Ordinal)))
        {
            if (IsLeft(space.Split('-')[1]))
            {
                await IpAsync($"netns del {space}");
            }
        }

        var links = await IpAsync("-brief link show type bridge");
        foreach (var link in links.Split('\n').Select(line => line.Split(' ')[0]).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (IsLeft(link[(Prefix.Length + 1)..]))
            {
                await IpAsync($"link del {link}");
            }
        }
    }

    private static bool IsLeft(string process) => int.TryParse(process.TrimEnd([.. "abcdefghijklmnopqrstuvwxyz"]), out var id) && !Directory.Exists($"/proc/{id}");

    private static async Task<string> IpAsync(string words)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", words.Split(' '))
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"ip {words}: {(await errors).Trim()}");
    }
}
