using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Connect.Tests;

public sealed class FileSecretTests : IDisposable
{
    readonly TemporaryFolder _folder = new("secrets");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("value", "value"), InlineData("value\n", "value"), InlineData("value\r\n", "value"), InlineData("value\n\n", "value\n"), InlineData("", "")]
    public async Task The_line_end_that_editors_write_is_not_part_of_it(string content, string expected)
    {
        var path = Write("allowed/key", content);

        Assert.Equal(expected, await Store().FindAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_no_value() =>
        Assert.Null(await Store().FindAsync(Path.Combine(Allowed, "none"), TestContext.Current.CancellationToken));

    [Theory]
    [InlineData("/etc/hostname"), InlineData("{0}/allowed/../outside"), InlineData("{0}/allowed-too/key"), InlineData("{0}/outside"), InlineData("{0}/allowed//key")]
    public async Task Files_elsewhere_are_refused_by_name(string path)
    {
        Write("outside", "other");
        Write("allowed/key", "right");
        Write("allowed-too/key", "other");
        path = string.Format(path, _folder.Path);

        var failure = await Sources.FailureOfAsync(() => Store().FindAsync(path, TestContext.Current.CancellationToken));

        Assert.Equal(("secret-refused", false), (failure.Code, failure.IsTransient));
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        Assert.Contains("Ingestion:SecretFolders", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_may_lead_within_the_folder_and_nowhere_else()
    {
        Write("outside/key", "other");
        Write("allowed/..data/key", "right");
        File.CreateSymbolicLink(Path.Combine(Allowed, "in"), "..data/key");
        File.CreateSymbolicLink(Path.Combine(Allowed, "out"), Path.Combine(_folder.Path, "outside", "key"));
        Directory.CreateSymbolicLink(Path.Combine(Allowed, "folder"), Path.Combine(_folder.Path, "outside"));

        Assert.Equal("right", await Store().FindAsync(Path.Combine(Allowed, "in"), TestContext.Current.CancellationToken));
        foreach (var path in new[] { "out", "folder/key" })
            Assert.Equal("secret-refused", (await Sources.FailureOfAsync(() => Store().FindAsync(Path.Combine(Allowed, path), TestContext.Current.CancellationToken))).Code);
    }

    [Fact]
    public async Task Its_size_is_bounded_and_it_is_text()
    {
        var large = Write("allowed/large", new string('x', FileSecrets.MaxBytes + 1));
        var bytes = Path.Combine(Allowed, "bytes");
        await File.WriteAllBytesAsync(bytes, [0xff, 0xfe, 0x00], TestContext.Current.CancellationToken);

        foreach (var path in new[] { large, bytes })
            Assert.Equal("secret-refused", (await Sources.FailureOfAsync(() => Store().FindAsync(path, TestContext.Current.CancellationToken))).Code);
    }

    string Allowed => Path.Combine(_folder.Path, "allowed");

    FileSecrets Store() => new(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Ingestion:SecretFolders", (string?)$"/nowhere;{Allowed}")]).Build());

    string Write(string name, string content)
    {
        var path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }
}
