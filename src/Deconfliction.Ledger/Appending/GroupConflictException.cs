namespace Deconfliction.Ledger.Appending;

/// <summary>
/// A group met another writer's (a serialization failure, a deadlock, the same request id at the same moment) and was rolled
/// back whole. It is run again; what is known then decides.
/// </summary>
internal sealed class GroupConflictException(string message, Exception? inner = null) : Exception(message, inner);
