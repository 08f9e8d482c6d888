using Deconfliction.Grid.Actors;

namespace Deconfliction.Silo.Messages;

/// <summary>One turn on its way to an identifier's grain. Immutable, so that a call within a silo copies nothing.</summary>
[GenerateSerializer]
[Immutable]
[Alias("deconfliction.turn-message")]
public sealed class TurnMessage
{
    /// <summary>A turn for an identifier whose tag was made by this key; 0 where it is known to be in the ledger.</summary>
    public TurnMessage(int keyId, Turn turn)
    {
        KeyId = keyId;
        Turn = turn;
    }

    /// <summary>Id of the key that made the tag.</summary>
    [Id(0)]
    public int KeyId { get; }

    /// <summary>What is asked.</summary>
    [Id(1)]
    public Turn Turn { get; }
}
