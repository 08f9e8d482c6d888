using System.Collections.Concurrent;
using Deconfliction.Rpc.Tests.Probing;

namespace Deconfliction.Rpc.Tests;

/// <summary>Does what a test asks for by the name of a behaviour, and tells the test what became of it.</summary>
public sealed class ProbeService
{
    private readonly ConcurrentDictionary<string, int> _attempts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _begun = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _ended = new(StringComparer.Ordinal);

    /// <summary>Done when the call with this key has begun.</summary>
    public Task Begun(string key) => Signal(_begun, key).Task.WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Done when the call with this key has seen its token cancelled.</summary>
    public Task Ended(string key) => Signal(_ended, key).Task.WaitAsync(TimeSpan.FromSeconds(20));

    public int Attempts(string key) => _attempts.GetValueOrDefault(key);

    public async Task<ProbeResponse> Ask(ProbeRequest request, ServerCallContext context)
    {
        var attempt = _attempts.AddOrUpdate(request.Key, 1, static (_, count) => count + 1);
        switch (request.Behaviour)
        {
            case "throw":
                throw new InvalidOperationException($"a secret of the server: {request.Key}");
            case "null":
                return null!;
            case "hang":
                await HangAsync(request.Key, context);
                break;
            case "unavailable" when attempt <= request.Count:
                throw RichError.Unavailable("not yet").WithRetry(TimeSpan.FromMilliseconds(5)).ToException();
            case "come back in 30 s":
                throw RichError.Unavailable("later").WithRetry(TimeSpan.FromSeconds(30)).ToException();
            case "come back in 300 ms" when attempt <= request.Count:
                throw RichError.Unavailable("later").WithRetry(TimeSpan.FromMilliseconds(300)).ToException();
            case "pushback" when attempt <= request.Count:
                throw new RpcException(new Status(StatusCode.Unavailable, "go away"), new Metadata { { "grpc-retry-pushback-ms", "-1" } });
            case "rich":
                throw RichError.InvalidArgument("The kind is not known.")
                    .WithInfo("BAD_KIND", metadata: [new("kind", "x")])
                    .WithField("identifier.kind", "Use one of the kinds that ListKinds gives.")
                    .WithRetry(TimeSpan.FromSeconds(3))
                    .WithResource("kind", "x")
                    .ToException();
            case "big":
                return new ProbeResponse { Text = new string('x', request.Count) };
            case "deadline":
                return new ProbeResponse { Text = context.Deadline.ToString("O"), Number = context.CancellationToken.CanBeCanceled ? 1 : 0 };
            case "peer":
                return new ProbeResponse { Text = context.Peer + " " + context.Method };
            case "status":
                context.Status = new Status(StatusCode.FailedPrecondition, "set, not thrown");
                break;
        }

        return new ProbeResponse { Text = request.Key, Number = attempt };
    }

    public async Task Feed(ProbeRequest request, IServerStreamWriter<ProbeResponse> responses, ServerCallContext context)
    {
        var attempt = _attempts.AddOrUpdate(request.Key, 1, static (_, count) => count + 1);
        if (request.Behaviour == "unavailable" && attempt <= request.Count)
        {
            throw RichError.Unavailable("not yet").ToException();
        }

        for (var i = 0; i < request.Count; i++)
        {
            responses.WriteOptions = request.Behaviour == "buffered" ? WriteOptions.Buffered : null;
            await responses.WriteAsync(new ProbeResponse { Number = i });
        }

        switch (request.Behaviour)
        {
            case "hang":
                await HangAsync(request.Key, context);
                break;
            case "break":
                throw RichError.Unavailable("broken off").ToException();
            case "return-on-cancel":
                Signal(_begun, request.Key).TrySetResult();
                await Task.Delay(Timeout.Infinite, context.CancellationToken).ContinueWith(static _ => { }, TaskScheduler.Default);
                break;
        }
    }

    public async Task<ProbeResponse> Collect(IAsyncStreamReader<ProbeRequest> requests, ServerCallContext context)
    {
        var count = 0;
        await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
        {
            count++;
            if (request.Behaviour == "refuse")
            {
                throw RichError.ResourceExhausted("enough").WithInfo("ENOUGH").ToException();
            }
        }

        return new ProbeResponse { Number = count };
    }

    public async Task Talk(IAsyncStreamReader<ProbeRequest> requests, IServerStreamWriter<ProbeResponse> responses, ServerCallContext context)
    {
        var position = 0;
        while (true)
        {
            try
            {
                if (!await requests.MoveNext(context.CancellationToken))
                {
                    return;
                }

                await responses.WriteAsync(new ProbeResponse { Text = requests.Current.Key, Number = position });
            }
            catch (RpcException exception) when (exception.GetErrorInfo() is { Reason: "MALFORMED_MESSAGE" or "INVALID_UTF8" } info)
            {
                await responses.WriteAsync(new ProbeResponse { Text = info.Reason, Number = position });
            }

            position++;
        }
    }

    private async Task HangAsync(string key, ServerCallContext context)
    {
        Signal(_begun, key).TrySetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
        finally
        {
            Signal(_ended, key).TrySetResult();
        }
    }

    private static TaskCompletionSource Signal(ConcurrentDictionary<string, TaskCompletionSource> signals, string key) =>
        signals.GetOrAdd(key, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
