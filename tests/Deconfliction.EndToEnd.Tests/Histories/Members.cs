using Deconfliction.Testing.Processes;

namespace Deconfliction.EndToEnd.Tests.Histories;

/// <summary>Several agencies at once.</summary>
public static class Members
{
    /// <summary>Adds agencies <c>agency-1</c> and so on.</summary>
    public static async Task<IReadOnlyList<Member>> AddAsync(GridUnderTest grid, int count)
    {
        var members = new List<Member>();
        for (var number = 1; number <= count; number++)
        {
            members.Add(await grid.AddMemberAsync($"agency-{number}"));
        }

        return members;
    }

    /// <summary>Waits until so many more operations were answered; fails with the workload where that has failed.</summary>
    public static async Task MoreAsync(this Workload work, int operations, Task working)
    {
        var goal = work.History.Count + operations;
        await Waiting.UntilAsync($"{operations} more operations are answered", TimeSpan.FromSeconds(90), async () =>
        {
            if (working.IsFaulted)
            {
                await working;
            }

            return work.History.Count >= goal;
        });
    }
}
