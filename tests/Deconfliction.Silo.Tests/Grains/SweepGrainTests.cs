using Deconfliction.Silo.Grains;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace Deconfliction.Silo.Tests.Grains;

/// <summary>A part of the sweeps comes back by its reminder where nobody else wakes it: these silos place none.</summary>
public sealed class SweepGrainTests
{
    private const int Part = 7;
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Reminder_OfAPartThatIsGone_BringsItBack()
    {
        await using var cluster = await GrainCluster.StartAsync(1);
        var silo = cluster.Silos[0];
        var services = silo.Handle.ServiceProvider;
        await services.GetRequiredService<IGrainFactory>().GetGrain<ISweepGrain>(Part).WakeAsync(CancellationToken.None).WaitAsync(s_limit);
        Assert.True(silo.Sweeps.Parts.Includes(Part));

        // Due every second instead of every minute; silos read all reminders again when one comes.
        var table = services.GetRequiredService<IReminderTable>();
        var reminder = Assert.Single((await table.ReadRows(SweepGrain.Part(Part))).Reminders);
        (reminder.StartAt, reminder.Period) = (DateTime.UtcNow, TimeSpan.FromSeconds(1));
        silo.Residents.Dismiss(SweepGrain.Part(Part), "The test takes it away.");
        await Waiting.UntilAsync("the part is gone", s_limit, () => !silo.Sweeps.Parts.Includes(Part));
        await table.UpsertRow(reminder);
        await cluster.AddAsync();

        await Waiting.UntilAsync("the part is back", s_limit, () => cluster.Silos.Any(static one => one.Sweeps.Parts.Includes(Part)));
    }
}
