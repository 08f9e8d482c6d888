using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Ledger.Appending;

/// <summary>What a group's transaction read before it is decided what the group writes.</summary>
internal sealed class GroupRead
{
    /// <summary>Identifiers and their versions, under lock where they are to change; absent ones are left out.</summary>
    public Dictionary<Tag, StoredIdentifier> Identifiers { get; } = [];

    /// <summary>
    /// Identifiers with their live claims, for decisions to be made on; absent ones are left out. One with more live claims than
    /// <see cref="LateAppend.MaximumLive"/> has at least one too many, not all.
    /// </summary>
    public Dictionary<Tag, IdentifierRecord> Records { get; } = [];

    /// <summary>What is recorded under the group's request ids; unused ones are left out.</summary>
    public Dictionary<RequestKey, RecordedRequest> Requests { get; } = [];

    /// <summary>Takes note of an identifier that was read whole.</summary>
    public void Add(IdentifierRecord record)
    {
        Records[record.Tag] = record;
        Identifiers.TryAdd(record.Tag, new StoredIdentifier(record.Id, record.Version, record.Hazard, record.IsCrowd));
    }
}
