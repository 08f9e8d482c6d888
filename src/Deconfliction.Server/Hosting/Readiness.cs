using Deconfliction.Gateway;
using Deconfliction.Rpc;
using Deconfliction.Server.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Server.Hosting;

/// <summary>
/// Whether the server should be sent work: its listeners stand, it is not stopping, its store answers, and its edition has nothing
/// against it. Asks once a second, so that a server which lost it says so without being called.
/// </summary>
internal sealed class Readiness(
    IGatewayStore store, IEdition edition, HealthState health, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Readiness> log)
    : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private readonly StorePulse _pulse = new(store, time);
    private volatile string _problem = "starting";
    private volatile bool _isStopping;

    /// <summary>Why it is not ready; empty where it is.</summary>
    public string Problem => _problem;

    /// <summary>Whether it finishes what it has and takes nothing new.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>From now on it is not, whatever the store says.</summary>
    public void Stop()
    {
        _isStopping = true;
        Say("stopping");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var meters = new ServerMeters(() => _problem.Length == 0);
        using var registration = lifetime.ApplicationStopping.Register(Stop);
        using var timer = new PeriodicTimer(s_period, time);
        try
        {
            await ListenersStandAsync(stoppingToken);
            do
            {
                var problem = await AskAsync(stoppingToken);
                if (!_isStopping)
                {
                    Say(problem);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Stop();
        }
    }

    // The host starts what listens last: until it has, nobody could reach what would be said to be ready.
    private async Task ListenersStandAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
    }

    private async Task<string> AskAsync(CancellationToken stoppingToken)
    {
        if (edition.Problem is { Length: > 0 } problem)
        {
            return problem;
        }

        try
        {
            await _pulse.AskAsync(s_patience, stoppingToken);
            return "";
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            if (_problem.Length == 0)
            {
                ServerLog.StoreLost(log, exception.GetType().Name);
            }

            return "the store cannot be reached";
        }
    }

    private void Say(string problem)
    {
        if (string.Equals(problem, _problem, StringComparison.Ordinal))
        {
            return;
        }

        _problem = problem;
        var status = problem.Length == 0 ? ServingStatus.Serving : ServingStatus.NotServing;
        foreach (var service in GatewayServices.ServiceNames)
        {
            health.Set(service, status);
        }

        health.Set(HealthState.WholeServer, status);
        ServerLog.Readiness(log, problem.Length == 0 ? "ready" : problem);
    }
}
