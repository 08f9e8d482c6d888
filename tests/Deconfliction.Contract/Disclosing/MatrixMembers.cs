using System.Runtime.CompilerServices;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Contract.Disclosing;

/// <summary>Two agencies of each role that claims, and one more that checks.</summary>
public sealed class MatrixMembers
{
    private static readonly ConditionalWeakTable<SharedGrid, Lazy<Task<MatrixMembers>>> OfGrids = [];
    private readonly Dictionary<(string Role, char Side), Member> _members = [];

    private MatrixMembers(Member checker) => Checker = checker;

    /// <summary>Roles that claim.</summary>
    public static readonly string[] Roles = ["LAW_ENFORCEMENT", "INTERNATIONAL_BODY", "HOTLINE", "INDUSTRY"];

    /// <summary>The one that checks.</summary>
    public Member Checker { get; }

    /// <summary>The agency of a role on side x or y.</summary>
    public Member this[string role, char side] => _members[(role, side)];

    /// <summary>Those of a grid, added when first asked for.</summary>
    public static Task<MatrixMembers> OfAsync(SharedGrid shared) =>
        OfGrids.GetValue(shared, one => new Lazy<Task<MatrixMembers>>(() => AddAsync(one.Grid))).Value;

    private static async Task<MatrixMembers> AddAsync(GridUnderTest grid)
    {
        var members = new MatrixMembers(await grid.AddMemberAsync("checker"));
        foreach (var role in Roles)
        {
            foreach (var side in "xy")
            {
                members._members[(role, side)] = await grid.AddMemberAsync(
                    $"{role.ToLowerInvariant().Replace('_', '-')}-{side}", Enum.Parse<AgencyRole>(role.Replace("_", "", StringComparison.Ordinal), ignoreCase: true));
            }
        }

        return members;
    }
}
