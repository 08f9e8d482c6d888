using System.Reflection;
using Deconfliction.Server;
using Deconfliction.Server.Hosting;
using Deconfliction.Server.Options;
using Microsoft.Extensions.Logging;

if (args.Contains("--help", StringComparer.Ordinal))
{
    Console.Write(OptionTable.Server.Usage());
    return ExitStatus.Done;
}

if (args.Contains("--version", StringComparer.Ordinal))
{
    Console.WriteLine(Assembly.GetExecutingAssembly().GetName().Version?.ToString(3));
    return ExitStatus.Done;
}

var sources = OptionSources.OfProcess(OptionTable.Server, args);
var (options, problems) = new OptionReader(sources).Read();
if (options is null)
{
    foreach (var problem in problems)
    {
        Console.Error.WriteLine($"deconfliction-server: {problem}");
    }

    return ExitStatus.WrongUse;
}

sources.Notices.ForEach(static notice => Console.Error.WriteLine($"deconfliction-server: {notice}"));
using var logging = ServerLogging.Create(options.LogLevel);
return await StartProblem.TellAsync(
    "deconfliction-server",
    async () => sources.Arguments switch
    {
        [] => await ServeAsync(options, logging),
        ["backup", var file] => Print(await StoreCommands.BackupAsync(options, file, CancellationToken.None)),
        ["restore", var file] => Print(await StoreCommands.RestoreAsync(options, file, logging, CancellationToken.None)),
        _ => WrongUse(sources.Arguments),
    },
    Console.Error);

static async Task<int> ServeAsync(ServerOptions options, ILoggerFactory logging)
{
    await using var host = await ServerHost.StartAsync(options, TimeProvider.System, logging, CancellationToken.None);
    Console.Write(Welcome.Text(host, options));
    await host.WaitForStopAsync();
    return ExitStatus.Done;
}

static int Print(string text)
{
    Console.Write(text);
    return ExitStatus.Done;
}

static int WrongUse(List<string> arguments)
{
    Console.Error.WriteLine(
        $"deconfliction-server: '{string.Join(' ', arguments)}' is not understood. Run without arguments, or with 'backup FILE' or 'restore FILE'; --help tells more.");
    return ExitStatus.WrongUse;
}
