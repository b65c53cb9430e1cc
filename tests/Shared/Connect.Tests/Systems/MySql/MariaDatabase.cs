using DataIngestion.Contracts;
using DataIngestion.TestKit;
using MySqlConnector;

namespace DataIngestion.Connect.Tests;

/// <summary>A database of a test's own.</summary>
internal sealed class MariaDatabase(int port, string name)
{
    public const string Password = "mariadb";

    public int Port => port;

    public string Name => name;

    public string ConnectionString => $"Server=127.0.0.1;Port={port};Database={name};User ID=root;Password={Password};Pooling=false;SslMode=Disabled;Allow User Variables=true;Default Command Timeout=30";

    public static async Task<MariaDatabase> CreateAsync(TestServer server, params string[] statements)
    {
        var database = new MariaDatabase(server.Port, $"t{Guid.NewGuid():N}");
        await WhenUpAsync(server.Port);
        await new MariaDatabase(server.Port, "mysql").ExecuteAsync($"CREATE DATABASE {database.Name} CHARACTER SET utf8mb4");
        await database.ExecuteAsync(statements);
        return database;
    }

    public static async Task WhenUpAsync(int port)
    {
        for (var left = 200; ; left--)
        {
            try
            {
                await new MariaDatabase(port, "mysql").ExecuteAsync("SELECT 1");
                return;
            }
            catch (MySqlException) when (left > 0)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }

    public async Task ExecuteAsync(params string[] statements)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var connection = new MySqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        foreach (var statement in statements.Where(s => s.Length > 0))
        {
            await using var command = new MySqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>A source with one dataset that reads it.</summary>
    public SourceDefinition Source(
        string? table = null, CursorDefinition? cursor = null, long artefactBytes = 64 << 20, int? port = null, string host = "127.0.0.1",
        LimitsDefinition? limits = null, string user = "root", TlsDefinition? tls = null, bool encrypt = false, IReadOnlyDictionary<string, string>? connection = null, params (string Name, string Value)[] options) => new()
        {
            Source = "market",
            Kind = SourceKind.Database,
            Connection = new()
            {
                System = "mysql",
                BaseUrl = $"mysql://{host}:{port ?? Port}/{Name}",
                AllowPrivateNetwork = true,
                Auth = new() { Kind = "basic", Options = new Dictionary<string, string> { ["user"] = user, ["value"] = "${DB_PASSWORD}" } },
                Limits = limits ?? Sources.Quick,
                Options = new Dictionary<string, string>(connection ?? new Dictionary<string, string>()) { ["encrypt"] = encrypt ? "true" : "false" },
                Tls = tls,
            },
            Datasets = [new() { Dataset = "trades", Cursor = cursor, Read = new() { Object = table, ArtefactBytes = artefactBytes, Options = options.ToDictionary(o => o.Name, o => o.Value) } }],
        };

    /// <summary>Reads a source of this database.</summary>
    public static ReaderHarness Reader(SourceDefinition source, string password = Password) => new(source, settings: [("DB_PASSWORD", password)]);
}
