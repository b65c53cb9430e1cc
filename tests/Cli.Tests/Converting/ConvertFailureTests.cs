using System.Text;

namespace DataIngestion.Cli.Tests.Converting;

public sealed class ConvertFailureTests
{
    static readonly string Rows = "symbol,close\n" + string.Concat(Enumerable.Range(0, 200_000).Select(i => $"S{i},{i}.25\n"));

    [Theory]
    [InlineData(0), InlineData(4), InlineData(100_000)]
    public async Task A_full_disk_leaves_nothing_behind(int room)
    {
        using var cli = new CommandRun { CreateFile = path => new FullDisk(path, room) };
        cli.Write("rows.csv", Rows);
        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("convert", "rows.csv", "-o", "out.csv"));
        Assert.Equal($"ingest: 'rows.csv' cannot be converted to '{Path.Combine(cli.Root, "out.csv")}': No space left on device. Nothing was written.", cli.Fault);
        Assert.Equal(["rows.csv"], cli.Files());
    }

    [Fact]
    public async Task A_device_that_is_full_is_a_failure()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full on this machine");
        using var cli = new CommandRun { CreateFile = _ => new FileStream("/dev/full", FileMode.Open, FileAccess.Write) };
        cli.Write("rows.csv", Rows);
        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("convert", "rows.csv", "-o", "out.parquet"));
        Assert.Contains("No space left on device", cli.Fault, StringComparison.Ordinal);
        Assert.Equal(["rows.csv"], cli.Files());
    }

    [Fact]
    public async Task An_earlier_output_survives_a_failure()
    {
        using var cli = new CommandRun { CreateFile = path => new FullDisk(path, 1000) };
        cli.Write("rows.csv", Rows);
        cli.Write("out.csv", "what was there");
        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("convert", "rows.csv", "-o", "out.csv"));
        Assert.Equal("what was there", File.ReadAllText(Path.Combine(cli.Root, "out.csv")));
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(300_000)]
    public async Task Cancelling_leaves_nothing_behind(int after)
    {
        using var stop = new CancellationTokenSource();
        using var cli = new CommandRun { Cancellation = stop.Token };
        cli.CreateFile = path => new StoppingDisk(path, after, stop);
        cli.Write("rows.csv", Rows);
        Assert.Equal(ExitCodes.Interrupted, await cli.RunAsync("convert", "rows.csv", "-o", "out.csv"));
        Assert.Equal("ingest: stopped.", cli.Fault);
        Assert.Equal(["rows.csv"], cli.Files());
    }

    [Theory]
    [InlineData("more\n", "grew from")]
    [InlineData(null, "shrank from")]
    public async Task An_input_that_changes_while_it_is_read_is_no_input(string? added, string said)
    {
        using var cli = new CommandRun();
        var input = cli.Write("rows.csv", Rows);
        cli.CreateFile = path =>
        {
            if (added is not null)
                File.AppendAllText(input, added);
            else
                File.WriteAllText(input, Rows[..^3]);
            return new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
        };
        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("convert", "rows.csv", "-o", "out.parquet"));
        Assert.StartsWith($"ingest: 'rows.csv' {said} {Rows.Length}", cli.Fault, StringComparison.Ordinal);
        Assert.EndsWith("while it was read: convert it again when it is complete.", cli.Fault, StringComparison.Ordinal);
        Assert.Equal(["rows.csv"], cli.Files());
    }

    [Fact]
    public async Task Standard_output_gets_nothing_of_a_conversion_that_fails()
    {
        using var cli = new CommandRun { StandardInput = Encoding.UTF8.GetBytes("[{\"a\":1},{\"a\":2}") };
        Assert.Equal(ExitCodes.Unreadable, await cli.RunAsync("convert", "-", "-o", "-", "--to", "csv", "--format", "json"));
        Assert.Equal(0, cli.StandardOutput.Length);
        Assert.StartsWith("ingest: 'standard input': line 1, column ", cli.Fault, StringComparison.Ordinal);
    }

    /// <summary>A file on a disk with room for so many bytes.</summary>
    sealed class FullDisk(string path, long room) : FileStream(path, FileMode.Create, FileAccess.ReadWrite)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Take(buffer.Length);
            base.Write(buffer);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Take(buffer.Length);
            return base.WriteAsync(buffer, cancellationToken);
        }

        void Take(int bytes)
        {
            if (Position + bytes > room)
                throw new IOException("No space left on device");
        }
    }

    /// <summary>A file during whose writing the person presses Ctrl-C.</summary>
    sealed class StoppingDisk(string path, long after, CancellationTokenSource stop) : FileStream(path, FileMode.Create, FileAccess.ReadWrite)
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position + buffer.Length > after)
                stop.Cancel();
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
