using Deconfliction.Cli;
using Deconfliction.Cli.Invocation;

return await CommandTree.RunAsync(args, Surroundings.OfProcess());
