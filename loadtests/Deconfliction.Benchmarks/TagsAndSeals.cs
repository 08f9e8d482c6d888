using BenchmarkDotNet.Attributes;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Gateway.Keys;
using Deconfliction.Grid;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Benchmarks;

/// <summary>What the keys cost: a tag for each call, a keyed hash of each request, a seal for each claim, and opening one to show it.</summary>
[MemoryDiagnoser]
public class TagsAndSeals
{
    private static readonly AgencyId s_agency = AgencyId.Parse("alpha");
    private readonly Identifier _identifier =
        Canonicaliser.Canonicalise("sha256", "3f786850e387550fdab836ed7e6dc881de23001b3f786850e387550fdab836ed").Identifier!;

    private readonly Guid _claim = Guid.CreateVersion7();
    private readonly CheckRequest _request = new()
    {
        Identifier = new IdentifierInput { Kind = "sha256", Value = "3f786850e387550fdab836ed7e6dc881de23001b3f786850e387550fdab836ed" },
        CaseReference = "A-2026-17", Purpose = "inquiry",
    };

    private Tagger _tagger = null!;
    private Sealer _sealer = null!;
    private PayloadHasher _hasher = null!;
    private SealedContent _content = null!;
    private byte[] _sealed = [];

    /// <summary>Makes a key ring.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var ring = KeyRing.Create();
        (_tagger, _sealer, _hasher) = (new Tagger(ring), new Sealer(ring), new PayloadHasher(ring));
        _content = new SealedContent(_identifier, _identifier.Canonical, "", "", "", Canonicaliser.RuleVersion);
        _sealed = _sealer.Seal(_content, s_agency, _claim);
    }

    /// <summary>Ends what holds keys.</summary>
    [GlobalCleanup]
    public void CleanUp() => _sealer.Dispose();

    /// <summary>HMAC-SHA-256 over kind and canonical value.</summary>
    [Benchmark]
    public TagKey Tag() => _tagger.Tag(_identifier);

    /// <summary>HMAC-SHA-256 over a request.</summary>
    [Benchmark]
    public byte[] HashPayload() => _hasher.Hash("check", "officer-7", _request);

    /// <summary>AES-256-GCM over what a claim holds.</summary>
    [Benchmark]
    public byte[] Seal() => _sealer.Seal(_content, s_agency, _claim);

    /// <summary>Opens it again.</summary>
    [Benchmark]
    public SealedContent Open() => _sealer.Open(_sealed, s_agency, _claim);
}
