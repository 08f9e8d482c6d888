using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Rpc;
using Deconfliction.Server.Hosting;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Gateway.Tests.Hosting;

/// <summary>A server that is told to stop says so at once, and its listeners go on for as long as its edition wants.</summary>
public sealed class StopNoticeTests : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new();
    private readonly HealthState _health = new();
    private readonly HandEdition _edition = new();
    private readonly HandStore _store = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly Readiness _readiness;
    private readonly StopNotice _notice;

    public StopNoticeTests()
    {
        _readiness = new Readiness(_store, _edition, _health, _lifetime, _time, NullLogger<Readiness>.Instance);
        _notice = new StopNotice(_edition, _readiness, _time);
    }

    [Fact]
    public async Task Stopping_AnEditionWithNotice_SaysNotServingAtOnceAndGoesOnAfterIt()
    {
        _edition.StopNotice = TimeSpan.FromSeconds(2.5);
        await ServeAsync();

        var stopping = _notice.StoppingAsync(CancellationToken.None);
        Assert.Equal(ServingStatus.NotServing, _health.Get(HealthState.WholeServer));
        Assert.Equal(ServingStatus.NotServing, _health.Get("deconfliction.v1.ClaimService"));
        Assert.Equal("stopping", _readiness.Problem);
        _time.Advance(TimeSpan.FromSeconds(2.4));
        Assert.False(stopping.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        await stopping.WaitAsync(s_limit);
    }

    [Fact]
    public async Task Stopping_TheStoreIsAskedMeanwhile_DoesNotServeAgain()
    {
        _edition.StopNotice = TimeSpan.FromSeconds(30);
        await ServeAsync();
        var stopping = _notice.StoppingAsync(CancellationToken.None);
        for (var second = 0; second < 3; second++)
        {
            var asked = _store.Asked;
            _time.Advance(TimeSpan.FromSeconds(1));
            await Waiting.UntilAsync("asked again", s_limit, () => _store.Asked > asked);
        }

        Assert.Equal(ServingStatus.NotServing, _health.Get(HealthState.WholeServer));
        _time.Advance(TimeSpan.FromSeconds(30));
        await stopping.WaitAsync(s_limit);
    }

    [Fact]
    public async Task Stopping_AnEditionWithoutNotice_SaysSoAndGoesOnAtOnce()
    {
        await ServeAsync();

        await _notice.StoppingAsync(CancellationToken.None).WaitAsync(s_limit);
        Assert.Equal(ServingStatus.NotServing, _health.Get(HealthState.WholeServer));
    }

    public async ValueTask DisposeAsync()
    {
        await _readiness.StopAsync(CancellationToken.None);
        _readiness.Dispose();
    }

    private async Task ServeAsync()
    {
        await _readiness.StartAsync(CancellationToken.None);
        _lifetime.NotifyStarted();
        await Waiting.UntilAsync("SERVING", s_limit, () => _health.Get(HealthState.WholeServer) == ServingStatus.Serving);
    }

    private sealed class HandEdition : IEdition
    {
        public string Program => "test";

        public string NodeName => "test";

        public string Problem => "";

        public TimeSpan StopNotice { get; set; }

        public LedgerOptions Open(LedgerOptions options) => options;

        public Task<IAsyncDisposable> EnterAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IRunningGrid> StartGridAsync(
            ILedger ledger, GridOptions options, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> PageAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void AddOps(IServiceCollection services) => throw new NotSupportedException();

        public void JoinOps(IServiceProvider services) => throw new NotSupportedException();
    }
}
