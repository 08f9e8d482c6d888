using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>
/// Whether groups look their request ids up before they write. The unique index over them is the fence either way: where a repeat was not
/// looked up, the group that writes it is rolled back whole and run again. Repeats are rare, and come many together when they come (an
/// import that is begun again), so groups look for them for a while after one was met, and otherwise not.
/// </summary>
internal sealed class RepeatedRequests
{
    private const int GroupsAfterOne = 64;
    private const string Index = "audit_request";
    private int _left;

    /// <summary>Whether the next group looks them up.</summary>
    public bool Expected()
    {
        var left = Volatile.Read(ref _left);
        if (left > 0)
        {
            // Lost updates only change how long it is looked for.
            Volatile.Write(ref _left, left - 1);
        }

        return left > 0;
    }

    /// <summary>One was met.</summary>
    public void Met() => Volatile.Write(ref _left, GroupsAfterOne);

    /// <summary>Takes note of what a group failed by.</summary>
    public void Note(PostgresException problem)
    {
        if (problem.SqlState == PostgresErrorCodes.UniqueViolation && string.Equals(problem.ConstraintName, Index, StringComparison.Ordinal))
        {
            Met();
        }
    }
}
