using System.Collections.Concurrent;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Tests.Grid;

/// <summary>What the fake grid holds, was asked, and shall do.</summary>
public sealed class FakeState(TestAuthority authority)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Key, ImportResult Result)> _byRequest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _byKey = new(StringComparer.Ordinal);

    public TestAuthority Authority => authority;

    /// <summary>Every request, in order.</summary>
    public ConcurrentQueue<Google.Protobuf.IMessage> Requests { get; } = new();

    /// <summary>What the next unary calls throw in place of an answer.</summary>
    public ConcurrentQueue<Exception> Refusals { get; } = new();

    /// <summary>Called with each batch of an import after it is kept and before it is answered.</summary>
    public Func<int, Task> AfterBatch { get; set; } = _ => Task.CompletedTask;

    /// <summary>What the feed sends, call by call.</summary>
    public Func<StreamAlertsRequest, IEnumerable<StreamAlertsResponse>> Feed { get; set; } = _ => [];

    public AuditFault? AuditFault { get; set; }

    /// <summary>How many claims were made: one a thing claimed, however often it was sent.</summary>
    public int Claims
    {
        get
        {
            lock (_lock)
            {
                return _byKey.Count;
            }
        }
    }

    /// <summary>How many items came in more than once under the same request_id.</summary>
    public int Replays { get; private set; }

    public T Only<T>() => Requests.OfType<T>().Single();

    public void Asked(Google.Protobuf.IMessage request)
    {
        Requests.Enqueue(request);
        if (Refusals.TryDequeue(out var refusal))
        {
            throw refusal;
        }
    }

    /// <summary>Keeps an item and answers it; a replay gets the first answer.</summary>
    public ImportResult Keep(ImportItem item)
    {
        var key = $"{item.Claim.Identifier.Kind}\t{item.Claim.Identifier.Value}\t{item.Claim.CaseReference}";
        lock (_lock)
        {
            if (_byRequest.TryGetValue(item.RequestId, out var known))
            {
                Replays++;
                Assert.Equal(known.Key, key);
                return known.Result.Clone();
            }

            var result = Decide(item, key);
            _byRequest.Add(item.RequestId, (key, result));
            return result.Clone();
        }
    }

    private ImportResult Decide(ImportItem item, string key)
    {
        var result = new ImportResult { Position = item.Position, Line = item.Line };
        if (item.Claim.Identifier.Value.StartsWith("bad", StringComparison.Ordinal))
        {
            result.Rejected = new ItemError
            {
                Code = 3, Reason = "IDENTIFIER_MALFORMED", Field = "claim.identifier.value", Description = "It is bad.", Remedy = "Give a good one.",
            };
            return result;
        }

        var isNew = _byKey.TryAdd(key, Guid.NewGuid().ToString());
        var claim = new ImportedClaim { Claim = _byKey[key] };
        if (item.Claim.Identifier.Value == "0.0.0.0")
        {
            claim.Hazard = new Hazard { Reason = "SPECIAL_PURPOSE_ADDRESS", Explanation = "It means this host." };
        }

        if (item.Claim.Identifier.Value.StartsWith("shared", StringComparison.Ordinal))
        {
            claim.Overlaps.Add(Samples.Overlap());
        }

        if (isNew)
        {
            result.Accepted = claim;
        }
        else
        {
            result.Duplicate = claim;
        }

        return result;
    }
}
