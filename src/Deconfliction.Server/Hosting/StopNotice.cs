using Microsoft.Extensions.Hosting;

namespace Deconfliction.Server.Hosting;

/// <summary>
/// Between the word that this server stops (its health says so at once) and the end of its listeners: so that whoever asks for its health
/// now and then sends no new work there before they end.
/// </summary>
internal sealed class StopNotice(IEdition edition, Readiness readiness, TimeProvider time) : IHostedLifecycleService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Stop();
        if (edition.StopNotice > TimeSpan.Zero)
        {
            await Task.Delay(edition.StopNotice, time, CancellationToken.None);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
