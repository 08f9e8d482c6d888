using System.Threading.Channels;
using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Feeds;
using Deconfliction.Silo.Clustering;
using Deconfliction.Silo.Notices;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Silo.Tests.Clustering;

/// <summary>When a silo without its database ends: where another has it, and has had it all the while; never where all lost it.</summary>
public sealed class StoreWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    private static readonly SiloReport s_hasIt = new() { HasStore = true, StoreHeldFor = TimeSpan.FromMinutes(1) };
    private readonly FakeTimeProvider _time = new();
    private readonly Store _store = new();
    private readonly Channel<int> _asked = Channel.CreateUnbounded<int>();
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StoreWatch _watch;
    private SiloReport?[] _others = [];

    public StoreWatchTests() => _watch = new StoreWatch(
        _store, (_, _) => _asked.Writer.TryWrite(0) ? Task.FromResult(_others) : throw new InvalidOperationException(), new StoreState(_time),
        why => _ended.TrySetResult(why), _time, NullLogger<StoreWatch>.Instance);

    [Fact]
    public async Task Lost_AndAnotherHasHadItAllTheWhile_EndsAfterEightSeconds()
    {
        _others = [null, s_hasIt];
        await StartAsync(hasStore: false);
        await PassAsync(8);
        Assert.False(_ended.Task.IsCompleted);

        await PassAsync(2);
        Assert.Contains("has not reached its database for", await _ended.Task.WaitAsync(s_limit), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 60)] // It has lost it as well.
    [InlineData(true, 5)]   // It has just got it back, and so may this one.
    public async Task Lost_AndNoOtherHasHadIt_DoesNotEnd(bool hasStore, int heldForSeconds)
    {
        _others = [null, new SiloReport { HasStore = hasStore, StoreHeldFor = TimeSpan.FromSeconds(heldForSeconds) }];
        await StartAsync(hasStore: false);
        await PassAsync(30);
        await AskedAsync(times: 20);
        Assert.False(_ended.Task.IsCompleted);
    }

    [Fact]
    public async Task Lost_AndNobodyElseAnswers_DoesNotEnd()
    {
        _others = [null];
        await StartAsync(hasStore: false);
        await PassAsync(30);
        await AskedAsync(times: 20);
        Assert.False(_ended.Task.IsCompleted);
    }

    [Fact]
    public async Task Lost_ForAMomentAgainAndAgain_AsksNobodyAndDoesNotEnd()
    {
        _others = [s_hasIt];
        await StartAsync(hasStore: true);
        for (var round = 0; round < 5; round++)
        {
            _store.Answers = false;
            await PassAsync(6);
            _store.Answers = true;
            await PassAsync(2);
        }

        Assert.False(_asked.Reader.TryRead(out _));
        Assert.False(_ended.Task.IsCompleted);
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.StopAsync(CancellationToken.None);
        _watch.Dispose();
    }

    private async Task StartAsync(bool hasStore)
    {
        await _watch.StartAsync(CancellationToken.None);
        await Waiting.UntilAsync("it asks", s_limit, () =>
        {
            // It starts on another thread, and its first seconds may pass unseen.
            _time.Advance(TimeSpan.FromSeconds(1));
            return _store.Asked.TryRead(out _);
        });
        _store.Answers = hasStore;
    }

    // Second by second, each when the one before has been asked about.
    private async Task PassAsync(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await _store.Asked.ReadAsync().AsTask().WaitAsync(s_limit);
        }
    }

    // Who asks again has judged what it was told before, and did not end.
    private async Task AskedAsync(int times)
    {
        for (var time = 0; time < times; time++)
        {
            await _asked.Reader.ReadAsync().AsTask().WaitAsync(s_limit);
        }
    }

    private sealed class Store : IGatewayStore
    {
        private readonly Channel<int> _asked = Channel.CreateUnbounded<int>();

        public ChannelReader<int> Asked => _asked.Reader;

        public bool Answers { get; set; } = true;

        public Task<string?> ReadSettingAsync(string name, CancellationToken cancellationToken)
        {
            var answer = Answers ? Task.FromResult<string?>("") : Task.FromException<string?>(new IOException("No database."));
            _asked.Writer.TryWrite(0);
            return answer;
        }

        public Task WriteSettingAsync(string name, string value, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> IsRecordedAsync(AgencyId agency, Guid requestId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RecordAsync(AuditDraft draft, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<FeedBounds> ReadFeedBoundsAsync(AgencyId agency, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
