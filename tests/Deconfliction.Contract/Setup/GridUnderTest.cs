using Deconfliction.Client;
using Deconfliction.Client.Identities;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.Setup;

/// <summary>
/// A grid of whichever edition, as processes with a store of their own: what a contract asks of it. Where there are several nodes,
/// members are spread over them in turn, so that what one does and what another sees go through different ones.
/// </summary>
public abstract class GridUnderTest : IAsyncDisposable
{
    private readonly List<Member> _members = [];
    private Member? _operator;
    private int _next = -1;

    /// <summary>Its nodes, those that were killed included.</summary>
    public abstract IReadOnlyList<NodeProcess> Nodes { get; }

    /// <summary>The operator's identity.</summary>
    public abstract string OperatorFile { get; }

    /// <summary>The certificate of the authority by which the nodes are known.</summary>
    public abstract string AuthorityFile { get; }

    /// <summary>The operator's command line, at the first node.</summary>
    public CommandLine Operator => new(Nodes[0].Url, OperatorFile, AuthorityFile);

    /// <summary>The operator as a program, at the first node.</summary>
    public Member OperatorMember => _operator ??= Keep(new Member("operator", this, Nodes[0].Url, OperatorFile));

    /// <summary>What all nodes printed.</summary>
    public string Log => string.Join('\n', Nodes.Select(node => node.Log));

    /// <summary>Where identities of agencies are kept; it goes with the grid.</summary>
    protected TemporaryFolder Folder { get; } = new();

    /// <summary>Adds an agency by the operator's command line and answers its own, at the next node.</summary>
    public async Task<CommandLine> AddAgencyAsync(string id, string role)
    {
        (await Operator.JsonAsync(
            "agency", "add", id, "--name", id.ToUpperInvariant(), "--role", role, "--contact", $"desk@{id}.example", "--out", IdentityOf(id))).Expect(0);
        return CommandLineOf(id, NextNode());
    }

    /// <summary>Adds an agency and answers it as a program, at the next node.</summary>
    public async Task<Member> AddMemberAsync(string id, AgencyRole role = AgencyRole.LawEnforcement)
    {
        var pair = CertificateRequestPair.Create(id);
        var made = await OperatorMember.Client.Agencies.CreateAsync(
            new CreateAgencyRequest { Agency = id, Name = id.ToUpperInvariant(), Role = role, Contact = $"desk@{id}.example", CsrPem = pair.RequestPem },
            CancellationToken.None);
        SecretFile.Create(IdentityOf(id), $"{made.CertificatePem.TrimEnd()}\n{pair.KeyPem}{made.CaPem}");
        return Connect(id, NextNode().Url);
    }

    /// <summary>An agency that was added, as a program at an address.</summary>
    public Member Connect(string id, string url) => Keep(new Member(id, this, url, IdentityOf(id)));

    /// <summary>The command line of an agency that was added, at a node.</summary>
    public CommandLine CommandLineOf(string agency, NodeProcess? node = null) => new((node ?? Nodes[0]).Url, IdentityOf(agency), AuthorityFile);

    /// <summary>The identity file of an agency that was added.</summary>
    public string IdentityOf(string agency) => Folder[agency + ".pem"];

    /// <summary>How many rows a table of the store has, read beside the grid.</summary>
    public abstract Task<long> CountAsync(string table);

    /// <summary>The address of the next node after one whose process is there; the same where there is no other.</summary>
    public string NextRunning(string after)
    {
        var nodes = Nodes;
        var own = nodes.TakeWhile(node => node.Url != after).Count();
        return Enumerable.Range(1, nodes.Count).Select(step => nodes[(own + step) % nodes.Count]).FirstOrDefault(node => node.IsRunning)?.Url ?? after;
    }

    /// <summary>kill -9 of all nodes, then starts them again on the same store.</summary>
    public async Task KillAndRestartAsync()
    {
        await KillAsync();
        await StartNodesAsync();
    }

    /// <summary>kill -9 of all nodes.</summary>
    public Task KillAsync() => Task.WhenAll(Nodes.Where(node => node.IsRunning).Select(node => node.KillAsync()));

    /// <summary>Starts all nodes, and waits until they are ready.</summary>
    public virtual Task StartNodesAsync() => Task.WhenAll(Nodes.Select(node => node.StartAsync()));

    /// <summary>The files that the nodes write.</summary>
    public abstract IReadOnlyList<string> Files();

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        Folder.Dispose();
    }

    private Member Keep(Member member)
    {
        lock (_members)
        {
            _members.Add(member);
        }

        return member;
    }

    private NodeProcess NextNode() => Nodes[(Interlocked.Increment(ref _next) & int.MaxValue) % Nodes.Count];
}
