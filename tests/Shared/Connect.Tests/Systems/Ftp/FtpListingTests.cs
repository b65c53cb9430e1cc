using DataIngestion.Contracts;

namespace DataIngestion.Connect.Tests;

public sealed class FtpListingTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("-rw-r--r--    1 0        0               3 Nov 27 23:01 a b.csv", "a b.csv", 3, "2025-11-27T23:01")]
    [InlineData("-rw-r--r--    1 ftp      ftp          1234 Mar  2 11:59 x", "x", 1234, "2026-03-02T11:59")]
    [InlineData("-rw-r--r--    1 ftp      ftp          1234 Mar  3 01:00 ahead", "ahead", 1234, "2026-03-03T01:00")]
    [InlineData("-rw-r--r--    1 ftp      ftp          1234 Mar  4 01:00 x", "x", 1234, "2025-03-04T01:00")]
    [InlineData("-rw-r--r--    1 ftp      ftp          1234 Feb 29  2024 leap", "leap", 1234, "2024-02-29T00:00")]
    [InlineData("-rw-rw-r--+   1 Domain Users 99 Oct 23  2025  two blanks", " two blanks", 99, "2025-10-23T00:00")]
    [InlineData("drwxr-xr-x    2 0        0            4096 Jan  1 00:00 folder", "folder/", 0, "2026-01-01T00:00")]
    [InlineData("03-01-26  10:10PM                 1234 dos.csv", "dos.csv", 1234, "2026-03-01T22:10")]
    [InlineData("03-01-2026  22:10            1,234 dos 24.csv", "dos 24.csv", 1234, "2026-03-01T22:10")]
    [InlineData("03-01-26  10:10AM       <DIR>          sub", "sub/", 0, "2026-03-01T10:10")]
    public void Lines_of_every_kind_are_read(string line, string name, long length, string modified)
    {
        Assert.True(FtpListing.TryReadLine(line, Now, TimeZoneInfo.Utc, out var entry));
        Assert.Equal((name.TrimEnd('/'), length, name.EndsWith('/')), (entry!.Name, entry.Length, entry.IsFolder));
        Assert.Equal(modified, $"{entry.ModifiedAt:yyyy-MM-ddTHH:mm}");
    }

    [Theory]
    [InlineData("total 12")]
    [InlineData("")]
    [InlineData("lrwxrwxrwx    1 0        0               3 Nov 27 23:01 link -> /etc/passwd")]
    [InlineData("prw-r--r--    1 0        0               0 Nov 27 23:01 pipe")]
    [InlineData("03-01-26  10:10AM       <JUNCTION>     away")]
    public void What_is_neither_file_nor_folder_is_left_out(string line)
    {
        Assert.True(FtpListing.TryReadLine(line, Now, TimeZoneInfo.Utc, out var entry));
        Assert.Null(entry);
    }

    [Theory]
    [InlineData("who knows")]
    [InlineData("-rw-r--r-- 1 0 0 12345678901234567890123 Nov 27 23:01 huge")]
    [InlineData("-rw-r--r-- 1 0 0 3 Nov 27 2025")]
    [InlineData("13-45-26  10:10PM  1 x")]
    public void What_is_not_understood_is_said(string line) => Assert.False(FtpListing.TryReadLine(line, Now, TimeZoneInfo.Utc, out _));

    [Theory]
    [InlineData("Type=file;Size=12;Modify=20260302110000.123;UNIX.mode=0644; a b;c.csv", "a b;c.csv", 12)]
    [InlineData("type=dir;modify=20260302110000; sub", "sub", 0)]
    public void Facts_are_read(string line, string name, long length)
    {
        Assert.True(FtpListing.TryReadFacts(line, out var entry));
        Assert.Equal((name, length), (entry!.Name, entry.Length));
    }

    [Fact]
    public void Times_are_in_the_servers_zone()
    {
        Assert.True(FtpListing.TryReadLine("-rw-r--r-- 1 0 0 3 Jul  1  2025 x", Now, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), out var entry));
        Assert.Equal(new DateTimeOffset(2025, 6, 30, 22, 0, 0, TimeSpan.Zero), entry!.ModifiedAt);
    }

    [Fact]
    public void Options_are_checked()
    {
        var options = OptionsBinder.Bind<FtpOptions>(new Dictionary<string, string> { ["encryption"] = "implicit", ["encoding"] = "latin1", ["timeZone"] = "Europe/Berlin" });
        Assert.Equal((FtpEncryption.Implicit, FtpEncoding.Latin1, "Europe/Berlin"), (options.Encryption, options.Encoding, options.TimeZone));

        OptionsBinder.Bind(new Dictionary<string, string> { ["encoding"] = "ebcdic", ["timeZone"] = "Middle/Earth" }, typeof(FtpOptions), out var faults);
        Assert.Equal(["encoding", "timeZone"], faults.Select(f => f.Name));
    }
}
