using System.Net;
using System.Net.Sockets;

namespace Deconfliction.Server.Hosting;

/// <summary>Says which listener does not stand, why, and what to do.</summary>
internal static class ListenProblem
{
    /// <summary>What the operator is told.</summary>
    /// <param name="name">The option that says where it is to stand.</param>
    /// <param name="value">What the operator set.</param>
    /// <param name="problem">What the listener threw.</param>
    /// <param name="isTold">Whether others are told it, so that it must be one address.</param>
    public static StartException Of(string name, IPEndPoint value, Exception problem, bool isTold = false)
    {
        var (why, remedy) = CauseOf(problem)?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => (
                "another program listens there already", "Stop that program, or give an address and port that are free."),
            SocketError.AddressNotAvailable => (
                "this machine has no such address",
                isTold
                    ? "Give the one of this machine's addresses at which the others reach it."
                    : "Give an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all that it has."),
            SocketError.AccessDenied => (
                "this user may not listen there", "Give a port of 1024 or above, or let the program listen on lower ones (CAP_NET_BIND_SERVICE)."),
            _ => (problem.Message.TrimEnd('.'), "Give an address and port of this machine that are free."),
        };
        return new StartException($"--{name} is '{value}': {why}. {remedy}", problem);
    }

    private static SocketException? CauseOf(Exception? problem) =>
        problem is null or SocketException ? problem as SocketException : CauseOf(problem.InnerException);
}
