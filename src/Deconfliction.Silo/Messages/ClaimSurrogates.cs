using System.Runtime.InteropServices;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;

namespace Deconfliction.Silo.Messages;

/// <summary>A window on the wire.</summary>
[GenerateSerializer]
[Alias("deconfliction.window")]
public struct WindowSurrogate
{
    [Id(0)] public DateTimeOffset From;
    [Id(1)] public DateTimeOffset Until;
    [Id(2)] public TimeSpan Tolerance;
}

/// <summary>A claim on the wire. Enumerations go as their stored numbers.</summary>
[GenerateSerializer]
[Alias("deconfliction.claim")]
public struct ClaimSurrogate
{
    [Id(0)] public Guid Id;
    [Id(1)] public string Agency;
    [Id(2)] public int Role;
    [Id(3)] public string Case;
    [Id(4)] public string RequestedBy;
    [Id(5)] public int Priority;
    [Id(6)] public int Handling;
    [Id(7)] public int Disclosure;
    [Id(8)] public Window? Window;
    [Id(9)] public int? Port;
    [Id(10)] public DateTimeOffset CreatedAt;
    [Id(11)] public DateTimeOffset ExpiresAt;
    [Id(12)] public DateTimeOffset? EndedAt;
    [Id(13)] public int EndReason;
    [Id(14)] public int Revision;
    [Id(15)] public int RuleVersion;
    [Id(16)] public bool Held;
    [Id(17)] public bool ExpiryAnnounced;
    [Id(18)] public byte[] Sealed;
    [Id(19)] public bool IsSealedApart;
}

[RegisterConverter]
internal sealed class WindowConverter : IConverter<Window, WindowSurrogate>
{
    public Window ConvertFromSurrogate(in WindowSurrogate surrogate) => new(surrogate.From, surrogate.Until, surrogate.Tolerance);

    public WindowSurrogate ConvertToSurrogate(in Window value) =>
        new() { From = value.From, Until = value.Until, Tolerance = value.Tolerance };
}

[RegisterConverter]
internal sealed class ClaimConverter : IConverter<Claim, ClaimSurrogate>
{
    public Claim ConvertFromSurrogate(in ClaimSurrogate surrogate) => new()
    {
        Id = surrogate.Id,
        Agency = AgencyId.Parse(surrogate.Agency),
        Role = (AgencyRole)surrogate.Role,
        Case = surrogate.Case,
        RequestedBy = surrogate.RequestedBy,
        Priority = (Priority)surrogate.Priority,
        Handling = (Handling)surrogate.Handling,
        Disclosure = (Disclosure)surrogate.Disclosure,
        Window = surrogate.Window,
        Port = surrogate.Port,
        CreatedAt = surrogate.CreatedAt,
        ExpiresAt = surrogate.ExpiresAt,
        EndedAt = surrogate.EndedAt,
        EndReason = (EndReason)surrogate.EndReason,
        Revision = surrogate.Revision,
        RuleVersion = surrogate.RuleVersion,
        Held = surrogate.Held,
        ExpiryAnnounced = surrogate.ExpiryAnnounced,
        Sealed = surrogate.Sealed,
        IsSealedApart = surrogate.IsSealedApart,
    };

    public ClaimSurrogate ConvertToSurrogate(in Claim value) => new()
    {
        Id = value.Id,
        Agency = value.Agency.Value,
        Role = (int)value.Role,
        Case = value.Case,
        RequestedBy = value.RequestedBy,
        Priority = (int)value.Priority,
        Handling = (int)value.Handling,
        Disclosure = (int)value.Disclosure,
        Window = value.Window,
        Port = value.Port,
        CreatedAt = value.CreatedAt,
        ExpiresAt = value.ExpiresAt,
        EndedAt = value.EndedAt,
        EndReason = (int)value.EndReason,
        Revision = value.Revision,
        RuleVersion = value.RuleVersion,
        Held = value.Held,
        ExpiryAnnounced = value.ExpiryAnnounced,
        Sealed = WireBytes.Of(value.Sealed),
        IsSealedApart = value.IsSealedApart,
    };
}

/// <summary>Bytes as the wire takes them: the array itself where the memory is the whole of one.</summary>
internal static class WireBytes
{
    public static byte[] Of(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var part) && part.Offset == 0 && part.Array is { } whole && whole.Length == part.Count
            ? whole
            : memory.ToArray();
}
