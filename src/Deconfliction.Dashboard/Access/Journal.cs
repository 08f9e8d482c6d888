using System.Security.Cryptography;
using System.Text;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Auditing;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Dashboard.Access;

/// <summary>
/// Records in the audit what is done on the operations pages. What changes the store waits for its record. A sign-in does not: the pages
/// are needed most when the store does not answer; it is logged at once, and recorded when the store answers again.
/// </summary>
internal sealed class Journal(ILedger ledger, ILogger<Journal> log) : IDisposable
{
    /// <summary>What was asked for is about to be done.</summary>
    public const string Asked = "ASKED";

    /// <summary>It was done.</summary>
    public const string Done = "DONE";

    /// <summary>It was not: the store did not answer.</summary>
    public const string NotDone = "NOT_DONE";

    /// <summary>Whether it was is not known: the store was lost in the middle.</summary>
    public const string OutcomeUnknown = "OUTCOME_UNKNOWN";

    private const int MostWaiting = 200;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private readonly Lock _gate = new();
    private readonly Queue<AuditDraft> _waiting = new();
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>How many entries wait to be recorded.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Records, or throws what the ledger throws.</summary>
    public async Task RecordAsync(Session by, Operation operation, string about, string outcome, CancellationToken cancellationToken)
    {
        DashboardLog.ActionTaken(log, by.Name, operation.ToString(), about);
        _ = await ledger.RecordAsync(Draft(by.Name, operation, about, outcome), Lane.Interactive, cancellationToken);
    }

    /// <summary>Records now, or as soon as the store answers.</summary>
    /// <param name="name">Who did it.</param>
    /// <param name="operation">What.</param>
    /// <param name="about">To what.</param>
    /// <param name="outcome">How far it came, in a word for programs.</param>
    public async Task RecordWhenPossibleAsync(string name, Operation operation, string about, string outcome = Done)
    {
        lock (_gate)
        {
            if (_waiting.Count < MostWaiting)
            {
                _waiting.Enqueue(Draft(name, operation, about, outcome));
            }
            else
            {
                DashboardLog.NotRecorded(log, MostWaiting, name, operation.ToString(), outcome, about);
            }
        }

        await FlushAsync();
    }

    /// <summary>Records what waits.</summary>
    public async Task FlushAsync()
    {
        if (!await _turn.WaitAsync(0))
        {
            return;
        }

        try
        {
            while (Peek() is { } draft)
            {
                using var patience = new CancellationTokenSource(s_patience);
                _ = await ledger.RecordAsync(draft, Lane.Interactive, patience.Token);
                lock (_gate)
                {
                    _waiting.Dequeue();
                }
            }
        }
        catch (Exception problem) when (problem is LedgerUnavailableException or LedgerOverloadedException or OutcomeUnknownException or OperationCanceledException)
        {
            DashboardLog.NotRecordedYet(log, problem.GetType().Name, Waiting);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private AuditDraft? Peek()
    {
        lock (_gate)
        {
            return _waiting.TryPeek(out var draft) ? draft : null;
        }
    }

    private static AuditDraft Draft(string name, Operation operation, string about, string outcome) => new()
    {
        Agency = GridItself.Agency,
        Certificate = GridItself.Certificate,
        RequestedBy = name,
        Operation = operation,
        Result = about.Length > 0 ? $"{outcome} {about}" : outcome,
        // What is recorded again because nobody knew whether it was is recorded once.
        RequestId = Guid.NewGuid(),
        PayloadHash = SHA256.HashData(Encoding.UTF8.GetBytes($"{name} {operation} {outcome} {about}")),
    };
}
