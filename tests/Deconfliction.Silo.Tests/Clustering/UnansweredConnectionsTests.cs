using System.IO.Pipelines;
using Deconfliction.Silo.Clustering;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Silo.Tests.Clustering;

/// <summary>A connection on which something was sent and nothing comes is ended; any other is left alone.</summary>
public sealed class UnansweredConnectionsTests : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new();
    private readonly Pipe _sent = new();
    private readonly Pipe _came = new();
    private readonly DefaultConnectionContext _connection = new();
    private readonly TaskCompletionSource _end = new();
    private readonly Task _running;

    public UnansweredConnectionsTests()
    {
        _connection.Transport = new Ends(_came.Reader, _sent.Writer);
        _running = UnansweredConnections.RunAsync(_ => _end.Task, _connection, _time);
    }

    private bool IsEnded => _connection.ConnectionClosed.IsCancellationRequested;

    [Fact]
    public async Task NothingComesAfterSomethingWasSent_IsEnded()
    {
        await _connection.Transport.Output.WriteAsync(new byte[1]);
        Pass(5);
        Assert.False(IsEnded);

        Pass(2);
        Assert.True(_connection.ConnectionClosed.WaitHandle.WaitOne(s_limit));
    }

    [Fact]
    public async Task SomethingComesEachTime_GoesOn()
    {
        for (var round = 0; round < 5; round++)
        {
            await _connection.Transport.Output.WriteAsync(new byte[1]);
            Pass(4);
            await _came.Writer.WriteAsync(new byte[1]);
            var read = await _connection.Transport.Input.ReadAsync();
            _connection.Transport.Input.AdvanceTo(read.Buffer.End);
        }

        Pass(60);
        Assert.False(IsEnded);
    }

    [Fact]
    public void NothingIsSent_GoesOn()
    {
        Pass(60);
        Assert.False(IsEnded);
    }

    [Fact]
    public async Task MoreIsSentMeanwhile_CountsFromTheFirst()
    {
        for (var second = 0; second < 7; second++)
        {
            _connection.Transport.Output.GetSpan(1);
            _connection.Transport.Output.Advance(1);
            await _connection.Transport.Output.FlushAsync();
            Pass(1);
        }

        Assert.True(_connection.ConnectionClosed.WaitHandle.WaitOne(s_limit));
    }

    public async ValueTask DisposeAsync()
    {
        _end.SetResult();
        await _running;
        await _connection.DisposeAsync();
    }

    private void Pass(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
