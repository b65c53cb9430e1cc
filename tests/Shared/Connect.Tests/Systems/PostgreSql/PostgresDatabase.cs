using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Npgsql;

namespace DataIngestion.Connect.Tests;

/// <summary>A database of a test's own.</summary>
internal sealed class PostgresDatabase(int port, string name)
{
    public const string Password = "postgres";

    public int Port => port;

    public string Name => name;

    public string ConnectionString => $"Host=127.0.0.1;Port={port};Database={name};Username=postgres;Password={Password};Pooling=false";

    public static async Task<PostgresDatabase> CreateAsync(TestServer server, params string[] statements)
    {
        var database = new PostgresDatabase(server.Port, $"t{Guid.NewGuid():N}");
        await WhenUpAsync(server.Port);
        await new PostgresDatabase(server.Port, "postgres").ExecuteAsync($"CREATE DATABASE {database.Name}");
        await database.ExecuteAsync(statements);
        return database;
    }

    /// <summary>Its port answers before it lets anybody in.</summary>
    public static async Task WhenUpAsync(int port)
    {
        for (var left = 200; ; left--)
        {
            try
            {
                await new PostgresDatabase(port, "postgres").ExecuteAsync("SELECT 1");
                return;
            }
            catch (NpgsqlException starting) when (starting is not PostgresException { SqlState: not "57P03" } && left > 0)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }

    public async Task ExecuteAsync(params string[] statements)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        foreach (var statement in statements.Where(s => s.Length > 0))
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    public async Task<T> ScalarAsync<T>(string statement)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>A source with one dataset that reads it.</summary>
    public SourceDefinition Source(
        string? table = null, CursorDefinition? cursor = null, long artefactBytes = 64 << 20, SourceKind kind = SourceKind.Database, int? port = null, string host = "127.0.0.1",
        LimitsDefinition? limits = null, string user = "postgres", TlsDefinition? tls = null, bool encrypt = false, IReadOnlyDictionary<string, string>? connection = null, ReadDefinition? read = null,
        params (string Name, string Value)[] options) => new()
        {
            Source = "market",
            Kind = kind,
            Connection = new()
            {
                System = "postgresql",
                BaseUrl = $"postgresql://{host}:{port ?? Port}/{Name}",
                AllowPrivateNetwork = true,
                Auth = new() { Kind = "basic", Options = new Dictionary<string, string> { ["user"] = user, ["value"] = "${DB_PASSWORD}" } },
                Limits = limits ?? Sources.Quick,
                Options = new Dictionary<string, string>(connection ?? new Dictionary<string, string>()) { ["encrypt"] = encrypt ? "true" : "false" },
                Tls = tls,
            },
            Datasets =
            [
                new()
                {
                    Dataset = "trades",
                    Cursor = cursor,
                    Read = (read ?? new()) with { Object = table, ArtefactBytes = artefactBytes, Options = options.ToDictionary(o => o.Name, o => o.Value) },
                },
            ],
        };

    /// <summary>Reads a source of this database.</summary>
    public static ReaderHarness Reader(SourceDefinition source, string password = Password) => new(source, settings: [("DB_PASSWORD", password)]);
}
