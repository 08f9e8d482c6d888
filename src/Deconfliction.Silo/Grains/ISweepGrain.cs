namespace Deconfliction.Silo.Grains;

/// <summary>One part of the sweeps. Its key is the part's number.</summary>
[Alias("deconfliction.sweep")]
public interface ISweepGrain : IGrainWithIntegerKey
{
    /// <summary>Comes to live where it belongs, and sees to it that its reminder brings it back.</summary>
    [Alias("wake")]
    Task WakeAsync(CancellationToken cancellationToken);
}
