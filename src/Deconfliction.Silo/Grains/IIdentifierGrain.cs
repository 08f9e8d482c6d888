using Deconfliction.Silo.Messages;

namespace Deconfliction.Silo.Grains;

/// <summary>An identifier's grain. Its key is the tag, in hexadecimal; never the identifier.</summary>
[Alias("deconfliction.identifier")]
public interface IIdentifierGrain : IGrainWithStringKey
{
    /// <summary>Hands a turn to the identifier's actor.</summary>
    [Alias("ask")]
    Task<AnswerMessage> AskAsync(TurnMessage message, CancellationToken cancellationToken);
}
