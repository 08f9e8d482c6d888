using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Ledger.Tests;

/// <summary>Keeps what is logged, whoever logs it.</summary>
public sealed class HeardLog : ILogger, ILoggerFactory
{
    /// <summary>The lines so far.</summary>
    public ConcurrentQueue<string> Said { get; } = new();

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Said.Enqueue(formatter(state, exception));

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
