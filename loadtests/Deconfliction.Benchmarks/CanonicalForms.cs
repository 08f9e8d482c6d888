using BenchmarkDotNet.Attributes;
using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Benchmarks;

/// <summary>What the canonical form of an identifier costs, by kind: each claim and each check makes one.</summary>
[MemoryDiagnoser]
public class CanonicalForms
{
    /// <summary>A kind and a value as it may be submitted.</summary>
    [Params(
        "sha256 3F786850E387550FDAB836ED7E6DC881DE23001B3F786850E387550FDAB836ED", "ip 2001:DB8::1", "email Some.One+tag@Example.ORG", "username Instagram:@Some.One",
        "url HXXPS://www[.]Example[.]org:443/a/../b?q=%7e", "phone +33 (0)1 23 45 67 89")]
    public string Submitted { get; set; } = "";

    /// <summary>Makes it.</summary>
    [Benchmark]
    public Canonicalisation Canonicalise()
    {
        var space = Submitted.IndexOf(' ', StringComparison.Ordinal);
        return Canonicaliser.Canonicalise(Submitted[..space], Submitted[(space + 1)..]);
    }
}
