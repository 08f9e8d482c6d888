using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Gateway.Keys;

namespace Deconfliction.Gateway.Tests.Keys;

public sealed class SealerTests
{
    private static readonly AgencyId s_alpha = AgencyId.Parse("alpha");
    private static readonly Guid s_claim = Guid.NewGuid();
    private static readonly SealedContent s_content = new(
        new Identifier(IdentifierKind.Username, "platform:naïve-漢"), "@Naïve-漢", "desk@alpha", "Art. 8", "purpose", RuleVersion: 3);

    [Theory]
    [InlineData("@Naïve-漢")]
    [InlineData("platform:naïve-漢")]
    [InlineData("")]
    public void Open_WhatWasSealed_IsTheSame(string submitted)
    {
        using var sealer = new Sealer(KeyRing.Create());
        var content = s_content with { Submitted = submitted };
        Assert.Equal(content, sealer.Open(sealer.Seal(content, s_alpha, s_claim), s_alpha, s_claim));
    }

    [Fact]
    public void Seal_Twice_GivesDifferentBytesWithoutTheValue()
    {
        using var sealer = new Sealer(KeyRing.Create());
        var one = sealer.Seal(s_content, s_alpha, s_claim);
        Assert.NotEqual(one, sealer.Seal(s_content, s_alpha, s_claim));
        Assert.DoesNotContain("desk@alpha", System.Text.Encoding.UTF8.GetString(one));
    }

    [Fact]
    public void Open_ForAnotherClaimAgencyOrKey_Refuses()
    {
        using var sealer = new Sealer(KeyRing.Create());
        using var other = new Sealer(KeyRing.Create());
        var box = sealer.Seal(s_content, s_alpha, s_claim);
        Assert.Throws<SealBrokenException>(() => sealer.Open(box, s_alpha, Guid.NewGuid()));
        Assert.Throws<SealBrokenException>(() => sealer.Open(box, AgencyId.Parse("beta"), s_claim));
        Assert.Throws<SealBrokenException>(() => other.Open(box, s_alpha, s_claim));
    }

    [Fact]
    public void Open_AnyFlippedBit_Refuses()
    {
        using var sealer = new Sealer(KeyRing.Create());
        var box = sealer.Seal(s_content, s_alpha, s_claim);
        for (var i = 0; i < box.Length; i++)
        {
            var altered = (byte[])box.Clone();
            altered[i] ^= 1;
            Assert.Throws<SealBrokenException>(() => sealer.Open(altered, s_alpha, s_claim));
        }
    }

    [Fact]
    public void Open_FromManyThreads_GivesEachItsOwn()
    {
        using var sealer = new Sealer(KeyRing.Create());
        Parallel.For(0, 2_000, number =>
        {
            var claim = Guid.NewGuid();
            var content = s_content with { Contact = number.ToString() };
            Assert.Equal(content, sealer.Open(sealer.Seal(content, s_alpha, claim), s_alpha, claim));
        });
    }
}
