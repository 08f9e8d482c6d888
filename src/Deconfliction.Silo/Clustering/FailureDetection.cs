using Orleans.Configuration;

namespace Deconfliction.Silo.Clustering;

/// <summary>
/// How soon a silo that died is found, and how late one that is only slow is taken for dead (ADR 0012). A killed silo's identifiers are to
/// answer within 10 s; a false death costs a restart and is to stay rare on two starved cores.
/// </summary>
internal static class FailureDetection
{
    /// <summary>Sets Orleans' values.</summary>
    public static void Configure(ClusterMembershipOptions membership)
    {
        ArgumentNullException.ThrowIfNull(membership);

        // Three probes in a row, each of 1.5 s to begin with, and a second silo's vote. Orleans lengthens the probes of a silo that answers
        // late, and of one that is itself short of processor; and it does not vote while anything came from a silo within three of the
        // longest probes. So one that stands still is found after 6 s.
        membership.ProbeTimeout = TimeSpan.FromSeconds(1.5);
        membership.MinProbeTimeout = TimeSpan.FromSeconds(1);
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        membership.NumMissedProbesLimit = 3;
        membership.NumVotesForDeathDeclaration = 2;
        membership.EnableIndirectProbes = true;
        membership.ExtendProbeTimeoutDuringDegradation = true;

        // Gossip tells of changes at once; the table is for who missed it.
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);

        // After all silos died at once (a power cut), the next to start need not wait long for those that the table still lists. And where
        // two of three die, the one that is left finds itself alone, and its vote enough, once the others count as stale: after 9 s.
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
        membership.NumMissedTableIAmAliveLimit = 3;
        // Starts that are over are told for a working day, and then forgotten, also by the table; of more than 25, which is Orleans' own
        // bound, the oldest after an hour.
        membership.DefunctSiloExpiration = TimeSpan.FromHours(8);
        membership.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(15);

        // One that starts beside a silo that was just killed joins when that one is declared dead: on a starved machine 40 s were seen.
        membership.MaxJoinAttemptTime = TimeSpan.FromMinutes(2);
    }
}
