namespace Deconfliction.Rpc.Client;

/// <summary>The body of a call's request, and what befell the connection that was made for it.</summary>
internal abstract class CallContent : HttpContent
{
    private volatile EndedAfterHandshakeException? _end;

    protected CallContent() => Headers.ContentType = RequestMessage.ContentType;

    /// <summary>
    /// How the connection that was made for this call ended before the server's first word, if it did. The handler forgets it where it sees
    /// the end between the last step of making the connection and the call's first on it, and then says only that there is none.
    /// </summary>
    public EndedAfterHandshakeException? ConnectionEnd
    {
        get => _end;
        set => _end = value;
    }
}
