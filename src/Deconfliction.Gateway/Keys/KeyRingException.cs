namespace Deconfliction.Gateway.Keys;

/// <summary>The key ring is absent, unreadable or another store's: the server must not start. The message names the remedy.</summary>
public sealed class KeyRingException(string message, Exception? inner = null) : Exception(message, inner);
