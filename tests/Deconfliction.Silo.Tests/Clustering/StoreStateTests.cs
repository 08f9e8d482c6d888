using Deconfliction.Silo.Clustering;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Silo.Tests.Clustering;

/// <summary>For how long a silo has had its database, and for how long it has not.</summary>
public sealed class StoreStateTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StoreState _state;

    public StoreStateTests() => _state = new StoreState(_time);

    [Fact]
    public void Note_AnsweredEachSecond_IsFreshAndHeldFromTheStart()
    {
        Pass(20, hasAnswered: true);
        Assert.True(_state.IsFresh);
        Assert.Equal(TimeSpan.FromSeconds(20), _state.HeldFor);
        Assert.Equal(TimeSpan.Zero, _state.LostFor);
    }

    [Fact]
    public void Note_NotAnswered_IsLostSinceTheLastAnswer()
    {
        Pass(10, hasAnswered: true);
        Pass(2, hasAnswered: false);
        Assert.True(_state.IsFresh);

        Pass(7, hasAnswered: false);
        Assert.False(_state.IsFresh);
        Assert.Equal(TimeSpan.FromSeconds(9), _state.LostFor);
        Assert.Equal(TimeSpan.Zero, _state.HeldFor);
    }

    [Fact]
    public void Note_BackAgain_IsFreshAtOnceAndHeldSinceThen()
    {
        Pass(10, hasAnswered: false);
        Pass(1, hasAnswered: true);
        Assert.True(_state.IsFresh);
        Assert.Equal(TimeSpan.FromSeconds(1), _state.HeldFor);
    }

    private void Pass(int seconds, bool hasAnswered)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _state.Note(hasAnswered);
        }
    }
}
