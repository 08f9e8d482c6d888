using System.Net;
using Deconfliction.Silo.Clustering;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;

namespace Deconfliction.Silo.Tests.Clustering;

/// <summary>Which silos are out of reach, by what they answered.</summary>
public sealed class PeerRollTests
{
    private static readonly SiloAddress s_two = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 7412), 1);
    private static readonly SiloAddress s_three = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 7413), 1);
    private readonly FakeTimeProvider _time = new();
    private readonly Reach _reach = new();
    private readonly HashSet<SiloAddress> _silent = [];
    private readonly PeerRoll _roll;

    public PeerRollTests() => _roll = new PeerRoll(_reach, _time);

    [Fact]
    public void Call_AllAnswer_NoneIsLost()
    {
        Pass(60);
        Assert.False(_reach.IsLost(s_two));
        Assert.False(_reach.IsLost(s_three));
    }

    [Fact]
    public void Call_OneDoesNotAnswer_IsLostAfterSecondsAndFoundWithItsNextAnswer()
    {
        Pass(5);
        _silent.Add(s_two);
        Pass(4);
        Assert.False(_reach.IsLost(s_two));
        var waiting = _reach.WhileHeld(s_two);

        Assert.Equal([s_two], Pass(3).Lost);
        Assert.True(_reach.IsLost(s_two));
        Assert.False(_reach.IsLost(s_three));
        Assert.True(waiting.WaitHandle.WaitOne(TimeSpan.FromMinutes(1)));
        Assert.True(_reach.WhileHeld(s_two).IsCancellationRequested);

        _silent.Clear();
        Assert.Equal([s_two], Pass(2).Found);
        Assert.False(_reach.IsLost(s_two));
        Assert.False(_reach.WhileHeld(s_two).IsCancellationRequested);
    }

    [Fact]
    public void Call_AQuestionNeverComesBack_IsLost()
    {
        var never = new TaskCompletionSource<bool>();
        for (var second = 0; second < 8; second++)
        {
            _roll.Call([s_two], _ => never.Task);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(_reach.IsLost(s_two));
    }

    [Fact]
    public void Call_ALostOneLeaves_IsForgotten()
    {
        _silent.Add(s_two);
        Pass(8);
        Assert.True(_reach.IsLost(s_two));

        _roll.Call([s_three], _ => Task.FromResult(true));
        Assert.False(_reach.IsLost(s_two));
    }

    [Fact]
    public void Call_OneLeaves_NobodyWaitsForItsAnswers()
    {
        Pass(2);
        var waiting = _reach.WhileHeld(s_two);

        _roll.Call([s_three], _ => Task.FromResult(true));
        Assert.True(waiting.WaitHandle.WaitOne(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Call_ThisSiloStoodStill_AccusesNobody()
    {
        Pass(5);
        _silent.Add(s_two);
        Pass(1);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(Pass(4).Lost);
        Assert.Equal([s_two], Pass(4).Lost);
    }

    private (List<SiloAddress> Lost, List<SiloAddress> Found) Pass(int seconds)
    {
        var (lost, found) = (new List<SiloAddress>(), new List<SiloAddress>());
        for (var second = 0; second < seconds; second++)
        {
            var called = _roll.Call([s_two, s_three], silo => Task.FromResult(!_silent.Contains(silo)));
            lost.AddRange(called.Lost);
            found.AddRange(called.Found);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        return (lost, found);
    }
}
