using Deconfliction.EndToEnd.Tests.Histories;

namespace Deconfliction.EndToEnd.Tests.Disclosing;

/// <summary>A grid with two agencies of each role, one more that checks, and one that only watches counts.</summary>
public sealed class MatrixGrid : IAsyncLifetime
{
    private readonly Dictionary<(string Role, char Side), Member> _members = [];
    private GridUnderTest? _grid;

    /// <summary>Roles that claim.</summary>
    public static readonly string[] Roles = ["LAW_ENFORCEMENT", "INTERNATIONAL_BODY", "HOTLINE", "INDUSTRY"];

    /// <summary>The one that checks.</summary>
    public Member Checker { get; private set; } = null!;

    /// <summary>The operator.</summary>
    public Member Operator { get; private set; } = null!;

    /// <summary>An auditor.</summary>
    public Member Auditor { get; private set; } = null!;

    /// <summary>The agency of a role on side x or y.</summary>
    public Member this[string role, char side] => _members[(role, side)];

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _grid = await GridUnderTest.StartAsync(Store.Sqlite);
        foreach (var role in Roles)
        {
            foreach (var side in "xy")
            {
                _members[(role, side)] = await _grid.AddMemberAsync($"{role.ToLowerInvariant().Replace('_', '-')}-{side}", role);
            }
        }

        Checker = await _grid.AddMemberAsync("checker");
        Auditor = await _grid.AddMemberAsync("auditor", "AUDITOR");
        Operator = Member.Connect("operator", _grid.Server.Url, _grid.Server.OperatorFile, _grid.Server.AuthorityFile);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Operator.DisposeAsync();
        await _grid!.DisposeAsync();
    }
}
