using System.IO.Pipelines;
using System.Net;

namespace Deconfliction.Rpc.Client;

/// <summary>
/// A request body that is written while the call runs. Messages gather in the pipe while a write to the connection is under way,
/// so that many small ones leave in few frames, and a lone one leaves at once.
/// </summary>
internal sealed class StreamContent : CallContent
{
    private readonly PipeReader _messages;

    public StreamContent(PipeReader messages) => _messages = messages;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            // Sends the request's headers: the handler keeps them until something is written, and a call may begin by listening.
            await stream.FlushAsync(cancellationToken);
            while (true)
            {
                var result = await _messages.ReadAsync(cancellationToken);
                foreach (var segment in result.Buffer)
                {
                    await stream.WriteAsync(segment, cancellationToken);
                }

                if (!result.Buffer.IsEmpty)
                {
                    await stream.FlushAsync(cancellationToken);
                }

                _messages.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return;
                }
            }
        }
        finally
        {
            // Without the exception, which is the connection's: writers see that the call is over and give its status.
            await _messages.CompleteAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
