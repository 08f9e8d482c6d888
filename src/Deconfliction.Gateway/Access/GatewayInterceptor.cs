using System.Diagnostics;
using Deconfliction.Gateway.Errors;
using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Watching;
using Deconfliction.Grid;
using Deconfliction.Grid.Agencies;
using Deconfliction.Rpc;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Gateway.Access;

/// <summary>Stands around every call: who calls, may it, and what the outcome is told as. Cuts streams whose peer is no longer welcome.</summary>
internal sealed class GatewayInterceptor(
    PeerAuthentication authentication, IAgencyDirectory directory, GatewayWatch watch, TimeProvider time, ILogger<GatewayInterceptor> log) : RpcInterceptor
{
    // A longer timer does not fit; a stream that is still open then was opened with most of its certificate's year ahead.
    private static readonly TimeSpan s_longestTimer = TimeSpan.FromDays(40);

    /// <inheritdoc/>
    public override Task InvokeAsync(ServerCallContext context, RpcCallDelegate next)
    {
        var peer = context.HttpContext.Features.Get<PeerIdentity>();
        var known = authentication.AuthenticateAsync(peer, context.CancellationToken);
        return known.IsCompletedSuccessfully
            ? RunAsync(context, next, peer!, known.Result)
            : LookUpAsync(context, next, peer!, known);
    }

    /// <inheritdoc/>
    public override Exception Failed(ServerCallContext context, Exception exception)
    {
        switch (exception)
        {
            case ProblemException told:
                watch.Problems.Add(told.Problem);
                return told.Problem.ToException(told);
            case RpcException or OperationCanceledException or Microsoft.AspNetCore.Http.BadHttpRequestException:
                return exception;
            default:
                return Translate(context, exception);
        }
    }

    private async Task LookUpAsync(ServerCallContext context, RpcCallDelegate next, PeerIdentity peer, ValueTask<Caller> caller) =>
        await RunAsync(context, next, peer, await caller);

    private Task RunAsync(ServerCallContext context, RpcCallDelegate next, PeerIdentity peer, Caller caller)
    {
        watch.Agencies.Called(caller.Agency);
        var (isStream, problem) = MethodAccess.Judge(context.Method, caller.Role);
        if (problem is not null)
        {
            GatewayLog.Denied(log, caller.Agency, context.Method, problem.Reason);
            throw new ProblemException(problem);
        }

        context.HttpContext.Features.Set(caller);
        return isStream ? RunStreamAsync(context, next, peer, caller) : next(context);
    }

    private async Task RunStreamAsync(ServerCallContext context, RpcCallDelegate next, PeerIdentity peer, Caller caller)
    {
        context.CutOn(directory.RevocationOf(caller.Agency, caller.Certificate), Problems.CertificateRevoked.ToException());
        var remaining = peer.NotAfter - time.GetUtcNow();
        using var expiry = new CancellationTokenSource(remaining < s_longestTimer ? Clamp(remaining) : Timeout.InfiniteTimeSpan, time);
        context.CutOn(expiry.Token, Problems.CertificateExpired.ToException());
        watch.Agencies.StreamOpened(caller.Agency);
        try
        {
            await next(context);
        }
        finally
        {
            watch.Agencies.StreamClosed(caller.Agency);
        }
    }

    private static TimeSpan Clamp(TimeSpan remaining) => remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;

    private RpcException Translate(ServerCallContext context, Exception exception)
    {
        if (ProblemOf.Known(exception) is { } known)
        {
            if (known.Code == StatusCode.Unavailable)
            {
                GatewayLog.LedgerFailed(log, context.Method, known.Reason, exception.GetType().Name);
            }

            watch.Problems.Add(known);
            return known.ToException(exception);
        }

        // An exception's own text may quote what was submitted (a parser's does), so the log gets type and place alone.
        GatewayLog.CallFailed(log, context.Method, exception.GetType().FullName ?? "", new StackTrace(exception, fNeedFileInfo: false).ToString());
        watch.Problems.Add(Problems.Internal);
        return Problems.Internal.ToException(exception);
    }
}
