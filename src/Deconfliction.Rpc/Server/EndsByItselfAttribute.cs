namespace Deconfliction.Rpc.Server;

/// <summary>Marks endpoints whose streams are not cut when the server stops: they have a last word, and end after it by themselves.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class EndsByItselfAttribute : Attribute;
