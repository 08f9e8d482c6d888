using Google.Protobuf;

namespace Deconfliction.Rpc.Client;

/// <summary>A unary call with its attempts.</summary>
internal static class UnaryCall
{
    public static async Task<(TResponse Message, HttpResponseMessage Response)> RunAsync<TRequest, TResponse>(
        RpcChannel channel,
        RpcMethod<TRequest, TResponse> method,
        TRequest request,
        RpcCallOptions? options,
        CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(request);
        options ??= RpcCallOptions.Default;
        var frame = SingleContent.Frame(request, options.Compress, channel.Options.MaxSendMessageBytes);
        using var deadline = new CallDeadline(channel.Options.Time, options.Timeout ?? channel.Options.UnaryTimeout, cancellationToken);
        RetrySchedule? retries = null;
        var wasSent = false;
        while (true)
        {
            using var content = SingleContent.Of(frame);
            RpcException error;
            try
            {
                var (answer, refusal) = await AttemptAsync(channel, method, content, options, deadline, retries?.Attempt ?? 0);
                if (refusal is null)
                {
                    return answer;
                }

                error = refusal;
            }
            catch (Exception exception)
            {
                error = ResponseStatus.From(exception, content, deadline, channel.Address);
            }

            retries ??= new RetrySchedule(channel.Options.Retry, options.RetrySafe ?? method.IsRetrySafe, deadline);
            wasSent |= content.WasSent;
            if (retries.Next(error) is not { } pause)
            {
                error.WasSent = wasSent;
                throw error;
            }

            await PauseAsync(pause, channel.Options.Time, deadline);
        }
    }

    /// <summary>Waits before the next attempt; the deadline or the caller end it as they end an attempt.</summary>
    public static async Task PauseAsync(TimeSpan pause, TimeProvider time, CallDeadline deadline)
    {
        try
        {
            await Task.Delay(pause, time, deadline.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw deadline.Error(exception);
        }
    }

    // What the server refuses is handed on and thrown once: each layer that throws costs its caller some ten microseconds.
    private static async Task<((TResponse Message, HttpResponseMessage Response) Answer, RpcException? Refusal)> AttemptAsync<TRequest, TResponse>(
        RpcChannel channel,
        RpcMethod<TRequest, TResponse> method,
        SingleContent content,
        RpcCallOptions options,
        CallDeadline deadline,
        int attempt)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var http = RequestMessage.Create(channel, method.FullName, options, deadline.Left, attempt, content);
        var response = await channel.SendAsync(http, deadline.Token);
        var isAnswer = false;
        try
        {
            if (ResponseStatus.Refusal(response, channel.Address) is { } refusal)
            {
                return (default, refusal);
            }

            using var reader = new ResponseReader<TResponse>(
                await response.Content.ReadAsStreamAsync(deadline.Token),
                method.ResponseParser,
                ResponseStatus.IsGzip(response),
                channel.Options.MaxReceiveMessageBytes,
                ResponseReader<TResponse>.SingleBufferBytes);
            var message = await reader.ReadAsync(deadline.Token);
            var more = message is not null && await reader.ReadAsync(deadline.Token) is not null;
            if (ResponseStatus.FinalError(response) is { } error)
            {
                return (default, error);
            }

            if (message is null || more)
            {
                throw new RpcException(new Status(StatusCode.Unimplemented, $"The server sent {(more ? "more than one response" : "no response")} to a unary call."));
            }

            isAnswer = true;
            return ((message, response), null);
        }
        finally
        {
            if (!isAnswer)
            {
                response.Dispose();
            }
        }
    }
}
