using DataIngestion.TestKit;

namespace DataIngestion.Merge.Tests;

public sealed class WorkFolderTests
{
    [Fact]
    public void What_a_killed_merge_left_is_removed_after_a_day_and_nothing_else_is()
    {
        using var parent = new TemporaryFolder();
        var now = new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
        foreach (var (name, hours) in new[] { ("ingest-merge-dead", 25), ("ingest-merge-alive", 23), ("other", 999) })
        {
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(parent.File(name)).FullName, "rows"), "x");
            Directory.SetLastWriteTimeUtc(parent.File(name), now.UtcDateTime.AddHours(-hours));
        }

        string work;
        using (var folder = new WorkFolder(parent.Path, now))
        {
            work = folder.Path;
            File.WriteAllText(folder.NewFile("standing"), "x");
            Assert.NotEqual(folder.NewFile("standing"), folder.NewFile("standing"));
        }

        Assert.False(Directory.Exists(work));
        Assert.Equal(["ingest-merge-alive", "other"], Directory.EnumerateDirectories(parent.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
