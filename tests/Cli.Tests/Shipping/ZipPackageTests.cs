using System.IO.Compression;
using DataIngestion.Cli.Shipping;
using DataIngestion.TestKit;

namespace DataIngestion.Cli.Tests.Shipping;

public sealed class ZipPackageTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_files_become_the_same_bytes_whenever_and_in_whatever_order_they_were_written()
    {
        using var one = new TemporaryFolder("one");
        using var two = new TemporaryFolder("two");
        Write(one, "a.dll", 1);
        Write(one, "configs/b.yaml", 2);
        Write(one, ".azurefunctions/c.dll", 3);
        Write(two, ".azurefunctions/c.dll", 7);
        Write(two, "configs/b.yaml", 8);
        Write(two, "a.dll", 9);
        using var packages = new TemporaryFolder("packages");

        await ZipPackage.WriteAsync(one.Path, packages.File("one.zip"), Cancellation);
        await ZipPackage.WriteAsync(two.Path, packages.File("two.zip"), Cancellation);

        Assert.Equal(await File.ReadAllBytesAsync(packages.File("one.zip"), Cancellation), await File.ReadAllBytesAsync(packages.File("two.zip"), Cancellation));
    }

    [Fact]
    public async Task Folders_whose_names_begin_with_a_dot_are_packed_and_names_have_forward_slashes()
    {
        using var folder = new TemporaryFolder("files");
        Write(folder, "z.dll", 1);
        Write(folder, ".azurefunctions/c.dll", 1);
        using var packages = new TemporaryFolder("packages");

        var packed = await ZipPackage.WriteAsync(folder.Path, packages.File("app.zip"), Cancellation);

        Assert.Equal([".azurefunctions/c.dll", "z.dll"], packed.Keys);
        await using var zip = await ZipFile.OpenReadAsync(packages.File("app.zip"), Cancellation);
        Assert.All(zip.Entries, e => Assert.Equal(1980, e.LastWriteTime.Year));
    }

    static void Write(TemporaryFolder folder, string name, int hour)
    {
        var path = Path.Combine(folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"content of {name}");
        File.SetLastWriteTimeUtc(path, new(2026, 1, 1, hour, 0, 0, DateTimeKind.Utc));
    }
}
