using Deconfliction.Dashboard.Access;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Dashboard.Tests.Access;

public sealed class AttemptsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void MayTry_AfterTenFailures_IsOverForAMinuteAndForThatAddressAlone()
    {
        var attempts = new Attempts(_time);
        for (var i = 0; i < Attempts.PerAddress; i++)
        {
            Assert.True(attempts.MayTry("one"));
            attempts.Failed("one");
        }

        Assert.False(attempts.MayTry("one"));
        Assert.True(attempts.MayTry("other"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(attempts.MayTry("one"));
    }

    [Fact]
    public void MayTry_FromEverChangingAddresses_IsOverToo()
    {
        var attempts = new Attempts(_time);
        for (var i = 0; i < Attempts.InAll; i++)
        {
            attempts.Failed($"address {i}");
        }

        Assert.False(attempts.MayTry("a new one"));
    }

    [Fact]
    public void Link_UsedOnce_IsGoodNoMore()
    {
        var link = new OneTimeLink(_time);
        var secret = link.Issue();
        Assert.False(link.TryUse(secret + "x"));
        Assert.True(link.TryUse(secret));
        Assert.False(link.TryUse(secret));
    }

    [Fact]
    public void Link_AfterADayOrAfterANewOne_IsGoodNoMore()
    {
        var link = new OneTimeLink(_time);
        var first = link.Issue();
        var second = link.Issue();
        Assert.False(link.TryUse(first));
        _time.Advance(TimeSpan.FromHours(24));
        Assert.False(link.TryUse(second));
    }

    [Fact]
    public void Session_AfterItsLife_IsGone()
    {
        var sessions = new Sessions(_time);
        var secret = sessions.Open("name", AccessRole.Viewer, tokenName: null);
        Assert.NotNull(sessions.Find(secret));
        Assert.Null(sessions.Find(secret + "x"));
        _time.Advance(Sessions.Life);
        Assert.Null(sessions.Find(secret));
    }
}
