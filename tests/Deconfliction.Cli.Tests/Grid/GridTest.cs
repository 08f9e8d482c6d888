namespace Deconfliction.Cli.Tests.Grid;

/// <summary>A test with a fake grid and the program pointed at it.</summary>
public abstract class GridTest : IAsyncLifetime
{
    protected FakeGrid Grid { get; private set; } = null!;

    private protected Deconflict Program { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        Grid = await FakeGrid.StartAsync();
        Program = new Deconflict(Grid);
    }

    public virtual async Task DisposeAsync()
    {
        Program.Dispose();
        await Grid.DisposeAsync();
    }
}
