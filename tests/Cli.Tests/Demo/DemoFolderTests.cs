using DataIngestion.Cli.Demo;
using DataIngestion.Cli.Platform;
using DataIngestion.TestKit;

namespace DataIngestion.Cli.Tests.Demo;

public sealed class DemoFolderTests
{
    [Fact]
    public void A_folder_that_no_demo_made_is_left_alone()
    {
        using var folder = new TemporaryFolder("demo");
        File.WriteAllText(folder.File("thesis.txt"), "years of work");
        var refused = Assert.Throws<CommandFailedException>(() => DemoFolder.Prepare(folder.Path));
        Assert.Equal(ExitCodes.Usage, refused.ExitCode);
        Assert.True(File.Exists(folder.File("thesis.txt")));
    }

    [Fact]
    public void The_data_of_a_demo_that_still_runs_is_left_alone()
    {
        using var folder = new TemporaryFolder("demo");
        DemoFolder.Prepare(folder.Path);
        new PlatformFile { Url = "http://127.0.0.1:1", Storage = "", Data = folder.Path, ProcessId = Environment.ProcessId }.Write(folder.Path);
        Assert.Contains("is running", Assert.Throws<CommandFailedException>(() => DemoFolder.Prepare(folder.Path)).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(PlatformFile.PathIn(folder.Path)));
    }

    [Fact]
    public void What_an_earlier_demo_left_is_gone()
    {
        using var folder = new TemporaryFolder("demo");
        DemoFolder.Prepare(folder.Path);
        File.WriteAllText(folder.File("history.db"), "old");
        DemoFolder.Prepare(folder.Path);
        Assert.False(File.Exists(folder.File("history.db")));
        Assert.True(Directory.Exists(folder.Path));
    }
}
