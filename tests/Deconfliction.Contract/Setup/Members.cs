namespace Deconfliction.Contract.Setup;

/// <summary>Several agencies at once.</summary>
public static class Members
{
    /// <summary>Adds agencies <c>agency-1</c> and so on.</summary>
    public static async Task<IReadOnlyList<Member>> AddAsync(GridUnderTest grid, int count, string prefix = "agency")
    {
        var members = new List<Member>();
        for (var number = 1; number <= count; number++)
        {
            members.Add(await grid.AddMemberAsync($"{prefix}-{number}"));
        }

        return members;
    }
}
