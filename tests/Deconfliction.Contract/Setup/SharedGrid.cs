using Deconfliction.Protocol.V1;

namespace Deconfliction.Contract.Setup;

/// <summary>What the contracts see of a grid that they share, with the members that most of them need.</summary>
public abstract class SharedGrid : IAsyncLifetime
{
    private static int _names;
    private readonly Lazy<Task<IReadOnlyList<Member>>> _many;

    /// <summary>Starts nothing yet.</summary>
    protected SharedGrid() => _many = new(() => Members.AddAsync(Grid, 26, "one-of-many"));

    /// <summary>The grid.</summary>
    public GridUnderTest Grid { get; private set; } = null!;

    /// <summary>A police force.</summary>
    public Member Alpha { get; private set; } = null!;

    /// <summary>Another one, at another node where there are several.</summary>
    public Member Bravo { get; private set; } = null!;

    /// <summary>An auditor.</summary>
    public Member Auditor { get; private set; } = null!;

    /// <summary>One police force more than the cap of a crowd allows, made for the first test that asks.</summary>
    public Task<IReadOnlyList<Member>> Many => _many.Value;

    /// <summary>A name that no other test uses.</summary>
    public static string Unused(string prefix) => $"{prefix}-{Interlocked.Increment(ref _names)}";

    /// <summary>An address that no other test uses.</summary>
    public static string UnusedMail() => Unused("mail") + "@example.org";

    /// <summary>An IPv4 address that no other test uses.</summary>
    /// <param name="block">Its first number; 10 is a hazard.</param>
    public static string UnusedAddress(int block = 20)
    {
        var number = Interlocked.Increment(ref _names);
        return $"{block}.{number / 65_536}.{number / 256 % 256}.{number % 256}";
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Grid = await StartAsync();
        Alpha = await Grid.AddMemberAsync("alpha");
        Bravo = await Grid.AddMemberAsync("bravo");
        Auditor = await Grid.AddMemberAsync("auditor", AgencyRole.Auditor);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (Grid is not null)
        {
            await Grid.DisposeAsync();
        }
    }

    /// <summary>Starts the edition.</summary>
    protected abstract Task<GridUnderTest> StartAsync();
}

/// <summary>The shared grid of an edition.</summary>
public sealed class SharedGrid<TEdition> : SharedGrid
    where TEdition : IEdition
{
    /// <inheritdoc/>
    protected override Task<GridUnderTest> StartAsync() => TEdition.StartAsync();
}
