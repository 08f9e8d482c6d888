using System.Collections.Immutable;
using System.Net;
using Deconfliction.Silo.Clustering;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;

namespace Deconfliction.Silo.Tests.Clustering;

/// <summary>Whether a silo has left lately: what a budget that begins anew must know.</summary>
public sealed class DepartedSilosTests
{
    private static readonly TimeSpan s_span = TimeSpan.FromMinutes(1);
    private static readonly SiloAddress s_one = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 7411), 1);
    private static readonly SiloAddress s_two = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 7412), 1);
    private readonly FakeTimeProvider _time = new();
    private readonly DepartedSilos _departed;

    public DepartedSilosTests() => _departed = new DepartedSilos(_time);

    [Theory]
    [InlineData(SiloStatus.ShuttingDown)]
    [InlineData(SiloStatus.Stopping)]
    [InlineData(SiloStatus.Dead)]
    public void See_OneLeaves_CountsForATime(SiloStatus status)
    {
        See((s_one, SiloStatus.Active), (s_two, SiloStatus.Active));
        Assert.False(_departed.HasDepartedWithin(s_span));

        See((s_one, SiloStatus.Active), (s_two, status));
        Assert.True(_departed.HasDepartedWithin(s_span));
        _time.Advance(s_span);
        Assert.False(_departed.HasDepartedWithin(s_span));
    }

    [Fact]
    public void See_TheSameOneGoneAgain_CountsOnce()
    {
        See((s_one, SiloStatus.Active), (s_two, SiloStatus.Dead));
        _time.Advance(s_span);

        See((s_one, SiloStatus.Active), (s_two, SiloStatus.Dead));
        Assert.False(_departed.HasDepartedWithin(s_span));
    }

    [Fact]
    public void See_GoneInTheFirstView_CountsAsJustNow()
    {
        See((s_one, SiloStatus.Active), (s_two, SiloStatus.Dead));
        Assert.True(_departed.HasDepartedWithin(s_span));
    }

    private void See(params (SiloAddress Silo, SiloStatus Status)[] members) => _departed.See(new ClusterMembershipSnapshot(
        members.ToImmutableDictionary(static one => one.Silo, static one => new ClusterMember(one.Silo, one.Status, one.Silo.ToString())),
        new MembershipVersion(1)));
}
