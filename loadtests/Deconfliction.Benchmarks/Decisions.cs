using BenchmarkDotNet.Attributes;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Grid;

namespace Deconfliction.Benchmarks;

/// <summary>
/// What a decision costs on an identifier of nothing, of ten claims, and of 100,000: a claim and a check that meet ten of them, where there
/// are ten. As on a shared address, each hour's window holds ten claims of ten agencies with ten source ports, which do not meet each other.
/// </summary>
[MemoryDiagnoser]
public class Decisions
{
    private const int Met = 10;
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly AgencyId s_agency = AgencyId.Parse("asks");
    private static readonly Policy s_policy = new();
    private readonly UuidV7Source _ids = new();
    private IdentifierState _state = IdentifierState.Empty();
    private Command _claim = new Command.Sweep();
    private Command _check = new Command.Sweep();

    /// <summary>How many live claims the identifier has.</summary>
    [Params(0, 10, 100_000)]
    public int Live { get; set; }

    /// <summary>Makes the identifier, and what is asked of it.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var window = Hour(Live / Met / 2);
        _state = IdentifierState.Restore(1, hazard: null, isCrowd: false, Enumerable.Range(0, Live).Select(
            number => Claim(AgencyId.Parse($"agency-{number % Met}"), Hour(number / Met), 1_000 + (number % Met))));
        _claim = new Command.MakeClaim(Claim(s_agency, window, port: null), Lifetime: null, Hazard: null);
        _check = new Command.Check(s_agency, AgencyRole.LawEnforcement, "A-2026-17", "inquiry", window, Port: null, Hazard: null);
        foreach (var command in (Command[])[_claim, _check])
        {
            var pointers = Decider.Decide(_state, command, s_policy, s_start, _ids).Answer.PointerCount;
            if (pointers != Math.Min(Live, Met))
            {
                throw new InvalidOperationException($"The {command.GetType().Name} meets {pointers} claims of {Live}, not {Math.Min(Live, Met)}.");
            }
        }
    }

    /// <summary>Decides a claim.</summary>
    [Benchmark]
    public Decision DecideClaim() => Decider.Decide(_state, _claim, s_policy, s_start, _ids);

    /// <summary>Decides a check.</summary>
    [Benchmark]
    public Decision DecideCheck() => Decider.Decide(_state, _check, s_policy, s_start, _ids);

    private static Window Hour(int number) => new(s_start.AddHours(number), s_start.AddHours(number + 0.5), TimeSpan.Zero);

    private Claim Claim(AgencyId agency, Window window, int? port) => new()
    {
        Id = _ids.Next(s_start),
        Agency = agency,
        Role = AgencyRole.LawEnforcement,
        Case = "A-2026-17",
        RequestedBy = "officer-7",
        Window = window,
        Port = port,
        Sealed = new byte[220],
        CreatedAt = s_start,
        ExpiresAt = s_start.AddDays(180),
    };
}
