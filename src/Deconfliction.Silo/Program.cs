using System.Reflection;
using Deconfliction.Server;
using Deconfliction.Server.Hosting;
using Deconfliction.Server.Options;
using Deconfliction.Silo.Hosting;
using Deconfliction.Silo.Identity;
using Deconfliction.Silo.Options;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

if (args.Contains("--help", StringComparer.Ordinal))
{
    Console.Write(SiloOptionTable.All.Usage());
    return ExitStatus.Done;
}

if (args.Contains("--version", StringComparer.Ordinal))
{
    Console.WriteLine(Assembly.GetExecutingAssembly().GetName().Version?.ToString(3));
    return ExitStatus.Done;
}

var sources = OptionSources.OfProcess(SiloOptionTable.All, args);
var (options, problems) = new SiloOptionReader(sources).Read(runs: sources.Arguments.Count == 0);
if (options is null)
{
    foreach (var problem in problems)
    {
        Console.Error.WriteLine($"deconfliction-silo: {problem}");
    }

    return ExitStatus.WrongUse;
}

sources.Notices.ForEach(static notice => Console.Error.WriteLine($"deconfliction-silo: {notice}"));
using var logging = ServerLogging.Create(options.Server.LogLevel);
return await StartProblem.TellAsync(
    "deconfliction-silo",
    async () => (sources.Arguments, sources.Last("out")?.Text) switch
    {
        ([], _) => await ServeAsync(options, logging),
        (["init"], _) => Print(IdentityCommands.Init(options, TimeProvider.System)),
        (["identity", var name], { } file) => Print(IdentityCommands.Issue(options, name, file, TimeProvider.System)),
        _ => WrongUse(sources.Arguments),
    },
    Console.Error,
    static problem => problem is OrleansException);

static async Task<int> ServeAsync(SiloOptions options, ILoggerFactory logging)
{
    using var identity = SiloIdentity.Load(options.Name, options.Server.TrustDomain, options.IdentityFile, options.AuthorityFile, TimeProvider.System);
    await using var edition = new ClusterEdition(options, identity, logging);
    await using var host = await ServerHost.StartAsync(options.Server, edition, TimeProvider.System, logging, CancellationToken.None);
    Console.Write(Welcome.Text(host, options.Server));
    Console.WriteLine($"  silo                 {options.Name}, {options.EndPoint}, cluster {options.ClusterId}");
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
        $"deconfliction-silo: '{string.Join(' ', arguments)}' is not understood. Run without arguments, or with 'init', or with 'identity NAME --out FILE'; "
        + "--help tells more.");
    return ExitStatus.WrongUse;
}
