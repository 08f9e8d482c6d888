using System.Security.Cryptography;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid;
using Deconfliction.LoadTests.Setup;
using Deconfliction.Server.Hosting;
using Deconfliction.Server.Options;
using Deconfliction.Silo.Clustering;
using Deconfliction.Silo.Grains;
using Deconfliction.Silo.Hosting;
using Deconfliction.Silo.Identity;
using Deconfliction.Silo.Options;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using RequestContext = Deconfliction.Grid.RequestContext;

namespace Deconfliction.ClusterLoadTests.Sides;

/// <summary>The silo as it is, with its gateway; in-process claims enter where the gateway's do, at <see cref="IGrid"/>.</summary>
internal sealed class OurSide : ISide
{
    private const int SealedBytes = 160; // As the gateway seals a SHA-256 value with nothing else.
    private static readonly TimeSpan s_putOutLimit = TimeSpan.FromSeconds(10);
    private readonly ILoggerFactory _logging;
    private readonly SiloIdentity _identity;
    private readonly ClusterEdition _edition;
    private readonly ServerHost _host;
    private readonly OwnerDirectory _owners;
    private readonly ResidentGrains _residents;
    private readonly SiloAddress _here;
    private readonly byte[] _sealed = RandomNumberGenerator.GetBytes(SealedBytes);
    private readonly Caller _caller = new(AgencyId.Parse("caller"), AgencyRole.LawEnforcement, "0123456789abcdef0123456789abcdef");

    private OurSide(ILoggerFactory logging, SiloIdentity identity, ClusterEdition edition, ServerHost host)
    {
        (_logging, _identity, _edition, _host) = (logging, identity, edition, host);
        var orleans = ((ClusterGrid)host.Grid!).Orleans!.Services;
        _owners = orleans.GetRequiredService<OwnerDirectory>();
        _residents = orleans.GetRequiredService<ResidentGrains>();
        Hot = new HotTrial(Grid, host.Grid.Ids);
        _here = orleans.GetRequiredService<ILocalSiloDetails>().SiloAddress;
    }

    /// <summary>What is asked on single identifiers.</summary>
    public HotTrial Hot { get; }

    private IGrid Grid => _host.Grid!.Grid;

    private int HeldIdentifiers => _residents.CountByKind.GetValueOrDefault(IdentifierGrain.Kind);

    /// <summary>Starts a silo by the options of its command line.</summary>
    /// <exception cref="InvalidOperationException">They are not right.</exception>
    public static async Task<OurSide> StartAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var sources = OptionSources.Read(SiloOptionTable.All, arguments, static _ => null, "no-such-file");
        var (options, problems) = new SiloOptionReader(sources).Read(runs: true);
        if (options is null)
        {
            throw new InvalidOperationException(string.Join(' ', problems));
        }

        var logging = ServerLogging.Create(options.Server.LogLevel);
        var identity = SiloIdentity.Load(options.Name, options.Server.TrustDomain, options.IdentityFile, options.AuthorityFile, TimeProvider.System);
        var edition = new ClusterEdition(options, identity, logging);
        var host = await ServerHost.StartAsync(options.Server, edition, TimeProvider.System, logging, cancellationToken);
        return new OurSide(logging, identity, edition, host);
    }

    public async Task ClaimAsync(long number, long round, CancellationToken cancellationToken)
    {
        var draft = new Claim
        {
            Id = _host.Grid!.Ids.Next(Grid.Now),
            Agency = _caller.Agency,
            Role = _caller.Role,
            Case = $"LOAD-{round}",
            RequestedBy = "officer-7",
            RuleVersion = Canonicaliser.RuleVersion,
            Sealed = _sealed,
        };
        var request = new RequestContext(_caller, draft.RequestedBy, Guid.CreateVersion7(), _sealed.AsMemory(0, SHA256.HashSizeInBytes));
        var answer = await Grid.MakeClaimAsync(new TagKey(TagOf(number), 1), new Command.MakeClaim(draft, Lifetime: null, Hazard: null), request, cancellationToken);
        if (answer.Status != AnswerStatus.Done)
        {
            throw new InvalidOperationException($"A claim was answered with {answer.Status}, not as a new one.");
        }
    }

    /// <summary>Puts the grain of the long identifier out, and checks it: how long the check takes.</summary>
    public async Task<TimeSpan> CheckColdAsync(CancellationToken cancellationToken)
    {
        var held = HeldIdentifiers;
        _residents.Dismiss(TagKeys.Grain(LongIdentifiers.Key(HotTrial.Long).Tag), "It is to be activated anew.");
        await Waiting.UntilAsync("its grain is put out", s_putOutLimit, () => HeldIdentifiers < held);
        return await Hot.CheckAsync(HotTrial.Long, cancellationToken);
    }

    public bool IsHere(long number) => _here.Equals(_owners.Current.OwnerOf(TagKeys.Grain(TagOf(number))));

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _edition.DisposeAsync();
        _identity.Dispose();
        _logging.Dispose();
    }

    private static Tag TagOf(long number) => new(Convert.FromHexString(GeneratedValues.Sha256(number)));
}
