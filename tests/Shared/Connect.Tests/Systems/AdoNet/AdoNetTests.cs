using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Microsoft.Data.Sqlite;

namespace DataIngestion.Connect.Tests;

public sealed class AdoNetTests : IDisposable
{
    readonly TemporaryFolder _folder = new("ado-net");

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("Vendor.Data"), InlineData("Vendor.Data.VendorFactory, Vendor.Data")]
    public async Task A_driver_that_was_put_there_is_loaded_by_name(string provider)
    {
        await DatabaseAsync();
        Directory.CreateDirectory(Path.Combine(_folder.Path, "Vendor.Data"));
        DroppedInProvider.Write(Path.Combine(_folder.Path, "Vendor.Data", "Vendor.Data.dll"), "Vendor.Data", "VendorFactory");
        await using var reader = Reader(provider);

        await reader.CrashAsync(CrashPoint.BeforeLanding, part: 1);
        await reader.CrashAsync(CrashPoint.BeforeAcknowledgement, part: 1);
        await reader.RunAsync();

        Assert.True(reader.Landed.Count > 2);
        reader.AssertExactly(Enumerable.Range(1, 3000), r => r.GetProperty("id").GetInt32());
        await reader.RunAsync();
        Assert.Equal(3000, reader.Lines.Count);
        Assert.Equal("1", await reader.ProbeAsync());
    }

    [Fact]
    public async Task What_was_looked_for_is_said()
    {
        DroppedInProvider.Write(Path.Combine(_folder.Path, "Two.dll"), "Two", "A", "B");
        DroppedInProvider.Write(Path.Combine(_folder.Path, "None.dll"), "None");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "Broken.dll"), "x", TestContext.Current.CancellationToken);

        Assert.Contains($"looked for {Path.Combine(_folder.Path, "Gone.dll")} and {Path.Combine(_folder.Path, "Gone", "Gone.dll")}", await MessageAsync("Gone"), StringComparison.Ordinal);
        Assert.Contains("found Two.A, Two.B; name one as 'Two.A, Two'", await MessageAsync("Two"), StringComparison.Ordinal);
        Assert.Contains("found none", await MessageAsync("None"), StringComparison.Ordinal);
        Assert.Contains("cannot be loaded", await MessageAsync("Broken"), StringComparison.Ordinal);
        Assert.Contains("names no driver", await MessageAsync("../Two"), StringComparison.Ordinal);
        Assert.Contains("names no driver", await MessageAsync("/tmp/Two"), StringComparison.Ordinal);

        async Task<string> MessageAsync(string provider)
        {
            await using var reader = Reader(provider);
            var failure = await reader.FailureAsync();
            Assert.Equal(("provider-missing", false), (failure.Code, failure.IsTransient));
            return failure.Message;
        }
    }

    [Fact]
    public async Task Without_a_folder_nothing_is_loaded()
    {
        await using var reader = new ReaderHarness(Source("Vendor.Data"));

        Assert.Contains("'Ingestion:ProviderFolder' names no folder", (await reader.FailureAsync()).Message, StringComparison.Ordinal);
    }

    string Database => Path.Combine(_folder.Path, "market.db");

    SourceDefinition Source(string provider) => new()
    {
        Source = "market",
        Kind = SourceKind.Database,
        Connection = new()
        {
            System = "ado-net",
            BaseUrl = $"ado-net://127.0.0.1/{Uri.EscapeDataString(Database)}",
            AllowPrivateNetwork = true,
            Limits = Sources.Quick,
            Options = new Dictionary<string, string> { ["provider"] = provider, ["settings.Data Source"] = "{database}", ["settings.Mode"] = "ReadOnly", ["settings.Pooling"] = "false" },
        },
        Datasets =
        [
            new()
            {
                Dataset = "trades",
                Cursor = new() { Field = "at", Type = CursorType.Timestamp },
                Read = new() { Object = "trades", ArtefactBytes = 64 << 10, Options = new Dictionary<string, string> { ["key"] = "id" } },
            },
        ],
    };

    ReaderHarness Reader(string provider) => new(Source(provider), settings: [("Ingestion:ProviderFolder", _folder.Path)]);

    async Task DatabaseAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={Database};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            CREATE TABLE trades (id INTEGER NOT NULL, at TEXT NOT NULL, price REAL);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
            INSERT INTO trades SELECT i, strftime('%Y-%m-%dT%H:%M:%SZ', 1767225600 + i / 10, 'unixepoch'), i / 7.0 FROM n;
            """;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
