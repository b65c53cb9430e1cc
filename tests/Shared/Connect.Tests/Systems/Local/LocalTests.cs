using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

public sealed class LocalTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    string Base => Directory.CreateDirectory(_folder.File("drop")).FullName;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_come_as_they_are_and_only_once()
    {
        Put("b.csv", "second");
        Put("in/a.csv", new string('x', 1_000_000), TimeSpan.FromMinutes(5));
        Put("empty.csv", "", TimeSpan.FromHours(2));
        Put("new.csv", "not settled", TimeSpan.Zero);
        await using var harness = Read(Base);

        await harness.CrashAsync(CrashPoint.BeforeAcknowledgement, part: 1);
        await harness.RunAsync();
        await harness.RunAsync();

        Assert.Equal(["empty.csv 0", "b.csv 6", "in/a.csv 1000000"], harness.Landed.Select(p => $"{p.Part.Name} {p.Bytes.Length}"));
        Assert.Contains("drop", await harness.ProbeAsync(), StringComparison.Ordinal);
        Assert.Equal(4, (await harness.DiscoverAsync()).Count);
    }

    [Fact]
    public async Task Links_are_followed_only_where_they_stay_inside()
    {
        var inside = Put("real/a.csv", "inside");
        File.WriteAllText(_folder.File("secret.csv"), "outside");
        File.CreateSymbolicLink(Path.Combine(Base, "in.csv"), inside);
        File.CreateSymbolicLink(Path.Combine(Base, "relative.csv"), "real/a.csv");
        File.CreateSymbolicLink(Path.Combine(Base, "out.csv"), _folder.File("secret.csv"));
        File.CreateSymbolicLink(Path.Combine(Base, "up.csv"), "../secret.csv");
        File.CreateSymbolicLink(Path.Combine(Base, "broken.csv"), "nowhere");
        Directory.CreateSymbolicLink(Path.Combine(Base, "away"), _folder.Path);
        await using var harness = Read(Base, limits: Sources.Quick with { Attempts = 1 });

        await harness.RunAsync();

        Assert.Equal(["in.csv inside", "real/a.csv inside", "relative.csv inside"], harness.Landed.Select(p => $"{p.Part.Name} {p.Text}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("drop/../../etc")]
    [InlineData("dropped")]
    [InlineData("link")]
    public async Task Only_folders_that_are_allowed_are_read(string name)
    {
        _ = Base;
        Directory.CreateDirectory(_folder.File("dropped"));
        Directory.CreateSymbolicLink(_folder.File("drop/link"), "/etc");
        await using var harness = Read(name == "link" ? Path.Combine(Base, "link") : $"{_folder.Path}/{name}", allowed: Base);

        var failure = await harness.FailureAsync();

        Assert.Equal(("address-refused", false), (failure.Code, failure.IsTransient));
        Assert.Contains("Ingestion:LocalFolders", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("move", "done/a.csv")]
    [InlineData("delete", "")]
    public async Task Landed_files_are_put_away(string after, string left)
    {
        Put("a.csv", "a");
        var read = new Dictionary<string, string> { ["after"] = after };
        if (after == "move")
            read["moveTo"] = "done";
        await using var harness = Read(Base, read: read);

        await harness.CrashAsync(CrashPoint.AfterAcknowledgement);
        await harness.RunAsync();

        Assert.Single(harness.Landed);
        Assert.Equal(left, string.Join(' ', Directory.GetFiles(Base, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Base, f))));
    }

    [Fact]
    public async Task A_mount_that_is_gone_may_come_back()
    {
        await using var harness = Read(_folder.File("mount"), limits: Sources.Quick with { Attempts = 1 });

        var failure = await harness.FailureAsync();
        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));

        Directory.CreateDirectory(_folder.File("mount"));
        Assert.Empty(await harness.RunAsync());
    }

    [Fact]
    public async Task A_folder_that_is_missing_below_it_is_not_there()
    {
        _ = Base;
        await using var harness = Read(Base, folder: "daily");

        var failure = await harness.FailureAsync();

        Assert.Equal(("not-found", false), (failure.Code, failure.IsTransient));
        Assert.Contains("daily", failure.Message, StringComparison.Ordinal);
    }

    string Put(string name, string text, TimeSpan? age = null)
    {
        var path = Path.Combine(Base, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime - (age ?? TimeSpan.FromHours(1)));
        return path;
    }

    ReaderHarness Read(string path, string? allowed = null, string? folder = null, Dictionary<string, string>? read = null, LimitsDefinition? limits = null) => new(
        new()
        {
            Source = "vendor",
            Kind = SourceKind.File,
            Connection = new() { System = "local", BaseUrl = $"file://{path}", Limits = limits ?? Sources.Quick },
            Datasets = [new() { Dataset = "prices", Files = "*", Read = new() { Object = folder, Options = read ?? new() { ["recursive"] = "true" } } }],
        },
        settings: ("Ingestion:LocalFolders", $"/nowhere;{allowed ?? _folder.Path}"));
}
