using System.Globalization;
using Deconfliction.Testing.Processes;
using Npgsql;

namespace Deconfliction.Testing;

/// <summary>
/// A private PostgreSQL for tests: its own folder, port and socket, with the durability of the default configuration. It ends
/// with the process that started it, however that ends (see <see cref="PostgresWatchdog"/>).
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<PostgresServer>> Common = new(() => StartNewAsync(CancellationToken.None));

    private readonly PostgresPrograms _programs;
    private readonly string _folder;
    private readonly string? _address;
    private readonly IReadOnlyList<string> _settings;
    private readonly PostgresWatchdog _watchdog;
    private int _databases;

    private PostgresServer(PostgresPrograms programs, string folder, int port, string? address, IReadOnlyList<string> settings)
    {
        _address = address;
        _settings = settings;
        _programs = programs;
        _folder = folder;
        Port = port;
        _watchdog = PostgresWatchdog.Start(programs, DataFolder, folder);
    }

    /// <summary>The loopback port.</summary>
    public int Port { get; }

    /// <summary>Where its files are.</summary>
    public string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Where its socket is: shorter than the way over the loopback.</summary>
    public string SocketFolder => _folder;

    /// <summary>What it logs.</summary>
    public string LogFile => Path.Combine(_folder, "log");

    /// <summary>The process's common server, started at the first call. Tests that stop a server start one of their own.</summary>
    public static Task<PostgresServer> CommonAsync() => Common.Value;

    /// <summary>Starts a server that nobody else uses.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="address">An address of this machine's that it is to be reached at too, from the 24-bit network around it.</param>
    /// <param name="settings">Settings in place of the ones for many small test databases, as <c>name=value</c>.</param>
    /// <exception cref="InvalidOperationException">There is no PostgreSQL on this machine, or it does not start; says the remedy.</exception>
    public static async Task<PostgresServer> StartNewAsync(
        CancellationToken cancellationToken, string? address = null, IReadOnlyList<string>? settings = null)
    {
        var programs = await PostgresPrograms.FindAsync(cancellationToken);
        var folder = Directory.CreateTempSubdirectory("deconfliction-pg-").FullName;
        await programs.GiveAsync(folder, cancellationToken);
        // Many small test databases share the machine, hence few buffers. What bears on durability and plans is left alone.
        var server = new PostgresServer(programs, folder, NodeProcess.FreePort(), address, settings ?? ["shared_buffers=64MB"]);
        try
        {
            // initdb's own flushing protects nothing here: a test's data begins after it.
            await programs.RunAsync(
                "initdb",
                ["--pgdata", server.DataFolder, "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"],
                CommandLimit,
                cancellationToken);
            if (address is not null)
            {
                await File.AppendAllTextAsync(Path.Combine(server.DataFolder, "pg_hba.conf"), $"\nhost all all {address}/24 trust\n", cancellationToken);
            }

            await server.StartAsync(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <summary>A connection string for a database of this server.</summary>
    public string ConnectionString(string database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database}");

    /// <summary>Makes a fresh database, empty or as a copy of <paramref name="template"/>, and gives its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string template = "template0", CancellationToken cancellationToken = default)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres") + ";Pooling=false");
        await using var command = source.CreateCommand($"CREATE DATABASE {name} TEMPLATE {template}");
        await command.ExecuteNonQueryAsync(cancellationToken);
        return ConnectionString(name);
    }

    /// <summary>The full path of a program that came with the server, such as <c>pgbench</c>.</summary>
    public string PathOf(string program) => _programs.PathOf(program);

    /// <summary>Stops the server at once, as a crash would: no checkpoint, and every connection is cut (F6, F7).</summary>
    public Task StopAtOnceAsync(CancellationToken cancellationToken = default) => _programs.RunAsync(
        "pg_ctl", ["stop", "--pgdata", DataFolder, "--mode=immediate", "--wait"], CommandLimit, cancellationToken);

    /// <summary>Starts the stopped server again on the same port, recovering as after a crash.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        var options = string.Create(
            CultureInfo.InvariantCulture,
            $"-p {Port} -h 127.0.0.1{(_address is null ? "" : "," + _address)} -k {_folder} -c max_connections=300 -c max_prepared_transactions=0 {string.Join(' ', _settings.Select(static setting => "-c " + setting))}");
        return _programs.RunAsync(
            "pg_ctl",
            ["start", "--pgdata", DataFolder, "--log", LogFile, "--wait", "--timeout=60", "--options", options],
            CommandLimit,
            cancellationToken);
    }

    /// <summary>Stops the server and removes its folder.</summary>
    public async ValueTask DisposeAsync() => await _watchdog.DisposeAsync();
}
