using System.Runtime.InteropServices;
using Deconfliction.Domain.Claims;

namespace Deconfliction.Domain.Deciding.Snapshots;

/// <summary>A hash of what makes a claim unique within its agency, the same in every process: that of the runtime is not.</summary>
internal static class ClaimKeyHash
{
    public static uint Of(in ClaimKey key)
    {
        var window = key.Window;
        ReadOnlySpan<long> numbers =
        [
            window?.From.UtcTicks ?? -1, window?.Until.UtcTicks ?? -1, window?.Tolerance.Ticks ?? -1, key.Port ?? -1,
        ];
        var hash = SnapshotChecksum.Of(MemoryMarshal.AsBytes(numbers)) ^ SnapshotChecksum.Of(MemoryMarshal.AsBytes(key.Case.AsSpan()));
        return (uint)(hash ^ (hash >> 32));
    }
}
