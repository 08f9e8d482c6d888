using System.Diagnostics;
using Deconfliction.Client;
using Deconfliction.Client.Import;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Tests.Import;

public sealed class ClaimImportTests
{
    private static readonly ImportOptions Quick = new()
    {
        BatchSize = 10, Window = 30, FirstBackoff = TimeSpan.FromMilliseconds(1), LongestBackoff = TimeSpan.FromMilliseconds(5), RetryFor = TimeSpan.FromSeconds(30),
    };

    [Fact]
    public async Task Run_AllAnswered_TellsEachItemOnce()
    {
        var told = await RunAsync(95, Quick, _ => new ScriptedStream(ScriptedStream.AcceptAll));

        Assert.Equal(Enumerable.Range(1, 95).Select(i => (long)i), told.Select(item => item.Position));
    }

    [Fact]
    public async Task Run_NothingToImport_Ends() => Assert.Empty(await RunAsync(0, Quick, _ => new ScriptedStream(ScriptedStream.AcceptAll)));

    [Fact]
    public async Task Run_ServerHoldsAnswersBack_StaysWithinItsWindow()
    {
        var sent = 0;
        var most = 0;
        var held = new List<ImportItem>();
        var told = await RunAsync(200, Quick, _ => new ScriptedStream(request =>
        {
            sent += request.Items.Count;
            held.AddRange(request.Items);
            most = Math.Max(most, held.Count);
            if (held.Count < Quick.Window && sent < 200)
            {
                return null;
            }

            var all = new ImportClaimsRequest { Items = { held } };
            held.Clear();
            return ScriptedStream.AcceptAll(all);
        }));

        Assert.Equal(200, told.Count);
        Assert.Equal(Quick.Window, most);
    }

    [Fact]
    public async Task Run_BrokenCall_SendsWhatIsUnansweredAgainInOrderWithTheSameRequestIds()
    {
        var batches = 0;
        var streams = new List<ScriptedStream>();
        var told = await RunAsync(50, Quick, attempt =>
        {
            streams.Add(new ScriptedStream(request => attempt == 0 && ++batches == 2 ? throw ScriptedStream.Broken() : ScriptedStream.AcceptAll(request)));
            return streams[^1];
        });

        Assert.Equal(50, told.Select(item => item.Position).Distinct().Count());
        Assert.Equal(2, streams.Count);
        var again = streams[1].Received.TakeWhile(item => item.Position <= streams[0].Received[^1].Position).ToList();
        Assert.Contains(again, item => item.Position == 11);
        Assert.Equal(again.OrderBy(item => item.Position), again);
        Assert.All(again, item => Assert.Equal(streams[0].Received.Single(first => first.Position == item.Position).RequestId, item.RequestId));
        Assert.DoesNotContain(streams[1].Received, item => item.Position <= 10 && told.Count(known => known.Position == item.Position) > 1);
    }

    [Theory]
    [InlineData("INTERNAL")]
    [InlineData("CANCELLED")]
    [InlineData("UNKNOWN")]
    [InlineData("RESOURCE_EXHAUSTED")]
    public async Task Run_DyingServer_WhateverItSays_IsTriedAgain(string status)
    {
        var told = await RunAsync(20, Quick, attempt => new ScriptedStream(request =>
            attempt == 0 ? throw ScriptedStream.Broken(status) : ScriptedStream.AcceptAll(request)));

        Assert.Equal(20, told.Count);
    }

    [Theory]
    [InlineData("PERMISSION_DENIED", "")]
    [InlineData("UNAUTHENTICATED", "")]
    [InlineData("INVALID_ARGUMENT", "")]
    [InlineData("RESOURCE_EXHAUSTED", "MESSAGE_TOO_LARGE")]
    [InlineData("RESOURCE_EXHAUSTED", "RESPONSE_TOO_LARGE")]
    public async Task Run_RefusedCall_IsNotTriedAgain(string status, string reason)
    {
        var attempts = 0;
        var problem = await Assert.ThrowsAsync<GridException>(() => RunAsync(20, Quick, _ =>
        {
            attempts++;
            return new ScriptedStream(_ => throw ScriptedStream.Broken(status, reason));
        }));

        Assert.Equal((status, 1), (problem.Error.Status, attempts));
    }

    [Theory]
    [InlineData(14)]
    [InlineData(8)]
    [InlineData(10)]
    public async Task Run_ItemPushedBack_IsSentAgainOnTheSameCall(int code)
    {
        var pushedBack = new HashSet<long>();
        var attempts = 0;
        ScriptedStream? stream = null;
        var told = await RunAsync(40, Quick, _ =>
        {
            attempts++;
            return stream = new ScriptedStream(request =>
            {
                var response = ScriptedStream.AcceptAll(request);
                foreach (var result in response.Results.Where(result => result.Position % 3 == 0 && pushedBack.Add(result.Position)))
                {
                    result.Rejected = new ItemError { Code = code, Reason = "OUTCOME_UNKNOWN", RetryAfterMs = 1 };
                }

                return response;
            });
        });

        Assert.Equal(40, told.Select(item => item.Position).Distinct().Count());
        Assert.Equal(40, told.Count);
        Assert.Equal(1, attempts);
        Assert.Equal(40 + 13, stream!.Received.Count);
        Assert.All(stream.Received.GroupBy(item => item.Position), sent => Assert.Single(sent.Select(item => item.RequestId).Distinct(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Run_AnswerDeliveredTwice_IsToldOnce()
    {
        var told = await RunAsync(20, Quick, _ => new ScriptedStream(request =>
        {
            var response = ScriptedStream.AcceptAll(request);
            response.Results.Add(response.Results[0].Clone());
            return response;
        }));

        Assert.Equal(20, told.Count);
    }

    [Fact]
    public async Task Run_CallEndedEarlyWithOk_IsTakenForABreak()
    {
        var told = await RunAsync(20, Quick, attempt =>
        {
            ScriptedStream? stream = null;
            stream = new ScriptedStream(request =>
            {
                if (attempt > 0)
                {
                    return ScriptedStream.AcceptAll(request);
                }

                stream!.End();
                return null;
            });
            return stream;
        });

        Assert.Equal(20, told.Count);
    }

    [Fact]
    public async Task Run_ServerThatNeverComesBack_GivesUpWithItsLastWord()
    {
        var interruptions = 0;
        var problem = await Assert.ThrowsAsync<GridException>(() => RunAsync(
            20,
            Quick with { RetryFor = TimeSpan.FromSeconds(1) },
            _ => throw ScriptedStream.Broken(),
            (_, _) => interruptions++));

        Assert.Equal("UNAVAILABLE", problem.Error.Status);
        Assert.True(interruptions > 1, "It did not try again.");
    }

    [Fact]
    public async Task Run_ServerThatDiesAsTlsStands_WhenTheTimeIsUp_IsNotToldAsARefusal()
    {
        var (attempts, started, limit) = (0, Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(1));
        var problem = await Assert.ThrowsAsync<GridException>(() => RunAsync(20, Quick with { RetryFor = limit }, _ =>
        {
            if (attempts++ == 0)
            {
                throw ScriptedStream.Broken();
            }

            // The last attempt: its answer comes when the time is up.
            SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(started) > 2 * limit);
            throw new GridException(new GridError("UNAUTHENTICATED", "TLS_CLIENT_REFUSED", "The server ended the connection as soon as TLS stood."));
        }));

        Assert.Equal((2, "UNAVAILABLE"), (attempts, problem.Error.Status));
    }

    [Fact]
    public async Task Run_SilentServer_IsLeftAndTriedAgain()
    {
        var told = await RunAsync(20, Quick with { AnswerTimeout = TimeSpan.FromMilliseconds(100) }, attempt =>
            new ScriptedStream(request => attempt == 0 ? null : ScriptedStream.AcceptAll(request)));

        Assert.Equal(20, told.Count);
    }

    private static async Task<List<ImportItem>> RunAsync(
        int count, ImportOptions options, Func<int, IImportStream> open, Action<GridError, TimeSpan>? interrupted = null)
    {
        var attempt = 0;
        var told = new List<ImportItem>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var import = new ClaimImport(_ => ValueTask.FromResult(open(attempt++)), "officer", options, TimeProvider.System, new Random(1)) { Interrupted = interrupted };
        var items = Enumerable.Range(1, count).Select(i => new ImportItem { Position = i, Line = i + 1, RequestId = $"request-{i}" });
        await import.RunAsync(items, (item, _) => told.Add(item), limit.Token);
        return told;
    }
}
