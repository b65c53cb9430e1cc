using System.Security.Cryptography;
using System.Text;
using DataIngestion.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests;

public sealed class FileReaderTests : IAsyncDisposable
{
    static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    readonly FakeTimeProvider _time = new(Now);
    readonly MemoryFiles _files = new();

    [Fact]
    public async Task Each_file_is_a_part_with_its_bytes_the_oldest_first()
    {
        _files.Put("b.csv", Now.AddHours(-1), "second").Put("a.csv", Now.AddMinutes(-5), "third").Put("c.csv", Now.AddHours(-2), "first").Put("d.txt", Now.AddDays(-1));
        var harness = MemorySystem.Read(_files, _time, pattern: "*.csv");

        await harness.RunAsync();

        Assert.Equal(["c.csv first", "b.csv second", "a.csv third"], harness.Landed.Select(p => $"{p.Part.Name} {p.Text}"));
        Assert.Equal([], await harness.RunAsync());
    }

    [Fact]
    public async Task Files_may_come_by_name_and_only_so_many_a_run()
    {
        for (var i = 0; i < 10; i++)
            _files.Put($"{i}", Now.AddHours(i - 30));
        var harness = MemorySystem.Read(_files, _time, options: [("order", "name"), ("maxFiles", "4")]);

        List<string> runs = [];
        while (await harness.RunAsync() is { Count: > 0 } landed)
            runs.Add(string.Concat(landed.Select(p => p.Part.Name)));

        Assert.Equal(["0123", "4567", "89"], runs);
    }

    [Theory]
    [InlineData(false, null, "a.csv")]
    [InlineData(true, null, "a.csv in/b.csv in/deep/c.csv")]
    [InlineData(false, "in", "in/b.csv")]
    [InlineData(true, "/in/", "in/b.csv in/deep/c.csv")]
    public async Task Folders_are_read_as_asked(bool recursive, string? folder, string expected)
    {
        foreach (var name in (string[])["a.csv", "in/b.csv", "in/deep/c.csv", "in/.hidden/d.csv", "in/_temporary/e.csv", ".f.csv", "~g.csv", "h.csv.tmp", "i.csv.filepart"])
            _files.Put(name, Now.AddHours(-1));
        var harness = MemorySystem.Read(_files, _time, folder: folder, options: [("recursive", recursive ? "true" : "false")]);

        await harness.RunAsync();

        Assert.Equal(expected, string.Join(' ', harness.Landed.Select(p => p.Part.Name)));
    }

    [Fact]
    public async Task A_file_waits_until_it_has_settled_by_the_systems_clock()
    {
        _files.Put("old", Now.AddSeconds(-31)).Put("new", Now.AddSeconds(-29));
        var harness = MemorySystem.Read(_files, _time);

        await harness.RunAsync();
        Assert.Equal(["old"], harness.Landed.Select(p => p.Part.Name));

        _files.Clock = Now.AddSeconds(1);
        await harness.RunAsync();
        Assert.Equal(["old", "new"], harness.Landed.Select(p => p.Part.Name));
    }

    [Theory]
    [InlineData("{name}.done", "a.csv.done")]
    [InlineData("{stem}.ok", "a.ok")]
    [InlineData("_SUCCESS", "_SUCCESS")]
    public async Task A_marker_says_that_a_file_is_whole_whatever_its_age(string marker, string name)
    {
        _files.Put("in/a.csv", Now);
        var harness = MemorySystem.Read(_files, _time, folder: "in", options: ("doneMarker", marker));
        Assert.Empty(await harness.RunAsync());

        _files.Put("in/" + name, Now, "");

        Assert.Equal(["in/a.csv"], (await harness.RunAsync()).Select(p => p.Part.Name));
    }

    [Theory]
    [InlineData("land", 2)]
    [InlineData("ignore", 1)]
    public async Task A_new_version_is_landed_again_unless_it_is_ignored(string changed, int parts)
    {
        _files.Put("a", Now.AddHours(-2), "1");
        var harness = MemorySystem.Read(_files, _time, options: ("changed", changed));
        await harness.RunAsync();

        _files.Put("a", Now.AddHours(-3), "2"); // older than what was landed

        await harness.RunAsync();
        await harness.RunAsync();
        Assert.Equal(parts, harness.Landed.Count);
    }

    [Fact]
    public async Task Empty_files_are_landed_unless_they_are_too_small()
    {
        _files.Put("a", Now.AddHours(-1), "");
        Assert.Equal("", Assert.Single(await MemorySystem.Read(_files, _time).RunAsync()).Text);
        Assert.Empty(await MemorySystem.Read(_files, _time, options: ("minBytes", "1")).RunAsync());
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    [InlineData("a/../../x")]
    [InlineData("a\\x")]
    [InlineData("C:x")]
    [InlineData("a\u0001x")]
    [InlineData("a//x")]
    [InlineData("a\ud800x")]
    public async Task Names_that_could_lead_elsewhere_are_refused(string name)
    {
        _files.Put(name, Now.AddHours(-1)).Put("b", Now.AddHours(-2));
        var harness = MemorySystem.Read(_files, _time, options: [("recursive", "true"), ("ignore", "*.tmp")]);

        var failure = await harness.FailureAsync();

        Assert.Equal(("name-refused", false), (failure.Code, failure.IsTransient));
        Assert.Contains("exclude", failure.Message, StringComparison.Ordinal);
        Assert.Equal("b", Assert.Single(harness.Landed).Part.Name); // what came before it
    }

    [Fact]
    public async Task A_file_that_is_too_large_fails_the_run()
    {
        _files.Put("big.csv", Now.AddHours(-1), "0123456789");

        var failure = await MemorySystem.Read(_files, _time, options: ("maxBytes", "9")).FailureAsync();

        Assert.Equal(("file-too-large", false), (failure.Code, failure.IsTransient));
        Assert.Contains("big.csv", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_continued_where_it_broke()
    {
        _files.Put("a", Now.AddHours(-1), "0123456789abcdefghij");
        var breaks = new Queue<int>([5, 10, 10, 15]);
        _files.Reading = (_, at) =>
        {
            if (breaks.TryPeek(out var next) && next == at)
            {
                breaks.Dequeue();
                throw new IOException("reset");
            }
        };
        var harness = MemorySystem.Read(_files, _time);

        await Pump(harness.RunAsync());

        Assert.Equal("0123456789abcdefghij", Assert.Single(harness.Landed).Text);
        Assert.Equal([0, 5, 10, 10, 15], _files.Offsets);
    }

    [Fact]
    public async Task A_connection_that_stays_broken_is_given_up()
    {
        _files.Put("a", Now.AddHours(-1), "0123456789");
        _files.Reading = (_, at) =>
        {
            if (at == 5)
                throw new IOException("reset");
        };

        var failure = await Pump(MemorySystem.Read(_files, _time).FailureAsync());

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
        Assert.Equal([0, 5, 5], _files.Offsets.Take(3)); // and so with every connection that is tried
    }

    [Theory]
    [InlineData("grows")]
    [InlineData("is replaced")]
    [InlineData("is cut")]
    [InlineData("is deleted")]
    [InlineData("is touched at its end")]
    public async Task A_file_that_changes_while_it_is_read_is_not_landed_and_read_again_later(string how)
    {
        _files.Put("a", Now.AddHours(-1), "0123456789");
        var changed = false;
        _files.Reading = (name, at) =>
        {
            if (changed || at != 10)
                return;
            changed = true;
            if (how == "is deleted")
                _files.There.Remove(name);
            else
                _files.Put(name, Now, how switch { "grows" => "0123456789abc", "is cut" => "01234", "is replaced" => "abcdefghij", _ => "0123456789" });
        };
        var harness = MemorySystem.Read(_files, _time, attempts: 1);

        var failure = await Pump(harness.FailureAsync());
        Assert.Equal(("file-changed", true), (failure.Code, failure.IsTransient));
        Assert.Empty(harness.Landed);

        await harness.RunAsync(); // the same run again: it has not settled
        Assert.Empty(harness.Landed);
        _time.Advance(TimeSpan.FromMinutes(1));
        await harness.RunAsync();
        Assert.Equal(how == "is deleted" ? 0 : 1, harness.Landed.Count);
    }

    [Theory]
    [InlineData("md5")]
    [InlineData("sha1")]
    [InlineData("sha256")]
    [InlineData("crc32c")]
    public async Task A_declared_checksum_is_verified(string kind)
    {
        const string Text = "The quick brown fox jumps over the lazy dog";
        _files.Put("a", Now.AddHours(-1), Text);
        var bytes = Encoding.UTF8.GetBytes(Text);
#pragma warning disable CA5350, CA5351
        var right = kind switch { "md5" => Convert.ToHexStringLower(MD5.HashData(bytes)), "sha1" => Convert.ToHexStringLower(SHA1.HashData(bytes)), "sha256" => Convert.ToHexStringLower(SHA256.HashData(bytes)), _ => "22620404" };
#pragma warning restore CA5350, CA5351

        _files.Checksum = $"{kind}:00";
        var failure = await MemorySystem.Read(_files, _time, attempts: 1).FailureAsync();
        Assert.Equal(("checksum-mismatch", true), (failure.Code, failure.IsTransient));

        _files.Checksum = $"{kind}:{right}";
        Assert.Single(await MemorySystem.Read(_files, _time).RunAsync());
    }

    [Fact]
    public async Task Small_files_are_read_ahead_and_landed_in_their_order_around_large_ones()
    {
        for (var i = 0; i < 40; i++)
            _files.Put($"{i:D2}", Now.AddHours(-1).AddSeconds(i), i == 20 ? new string('x', FilesAhead.SmallBytes + 1) : $"{i}");
        _files.Parallel = 4;
        List<string> begun = [];
        _files.Reading = (name, at) =>
        {
            if (at == 0 && !begun.Contains(name))
                begun.Add(name);
        };
        var harness = MemorySystem.Read(_files, _time);

        await harness.CrashAsync(CrashPoint.BeforeLanding, part: 3);
        Assert.Equal(["00", "01", "02", "03", "04", "05", "06"], begun); // and no further
        await harness.RunAsync();

        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i:D2}"), harness.Landed.Select(p => p.Part.Name));
        Assert.Equal(_files.There.Values.Select(f => f.Bytes), harness.Landed.Select(p => p.Bytes));
    }

    [Fact]
    public async Task A_file_that_fails_ahead_fails_when_its_turn_comes()
    {
        for (var i = 0; i < 6; i++)
            _files.Put($"{i}", Now.AddHours(-1).AddSeconds(i));
        _files.Parallel = 8;
        _files.Reading = (name, _) =>
        {
            if (name == "3")
                throw new IOException("reset");
        };
        var harness = MemorySystem.Read(_files, _time, attempts: 1);

        var failure = await Pump(harness.FailureAsync());

        Assert.Equal("source-unavailable", failure.Code);
        Assert.Equal(["0", "1", "2"], harness.Landed.Select(p => p.Part.Name));
    }

    [Fact]
    public async Task A_destination_that_fails_is_not_the_sources_fault()
    {
        _files.Put("a", Now.AddHours(-1), "0123456789");
        var harness = MemorySystem.Read(_files, _time);
        harness.Destination = _ => new Full();

        await Assert.ThrowsAsync<IOException>(() => harness.RunAsync());
        Assert.Equal([0], _files.Offsets);
    }

    [Fact]
    public async Task Landed_files_are_moved_with_their_markers_and_names_that_are_taken_get_the_time()
    {
        var modified = new DateTimeOffset(2026, 3, 1, 10, 11, 12, TimeSpan.Zero);
        _files.Put("in/a.csv", modified).Put("in/a.csv.ok", modified).Put("done/a.csv", modified, "an earlier one");
        var harness = MemorySystem.Read(_files, _time, pattern: "*.csv", options: [("recursive", "true"), ("doneMarker", "{name}.ok"), ("after", "move"), ("moveTo", "done")]);

        await harness.CrashAsync(CrashPoint.BeforeAcknowledgement);
        Assert.Empty(_files.Moves);
        await harness.RunAsync();
        await harness.RunAsync();

        Assert.Equal(["in/a.csv > done/a.csv.20260301T101112000", "in/a.csv.ok > done/a.csv.ok"], _files.Moves);
        Assert.Single(harness.Landed);
    }

    [Fact]
    public async Task A_newer_version_is_not_deleted_for_the_one_that_was_landed()
    {
        _files.Put("a", Now.AddHours(-1), "1").Put("b", Now.AddHours(-1), "1");
        var harness = MemorySystem.Read(_files, _time, options: ("after", "delete"));
        await harness.CrashAsync(CrashPoint.BeforeAcknowledgement);

        _files.Put("a", Now.AddSeconds(-1), "2");
        await harness.RunAsync();

        Assert.Equal(["b"], _files.Moves);
        Assert.Equal(["a"], _files.There.Keys);
    }

    [Fact]
    public async Task A_window_takes_the_files_of_its_time_and_moves_nothing()
    {
        _files.Put("a", Now.AddHours(-3)).Put("b", Now.AddHours(-2)).Put("c", Now.AddHours(-1));
        var harness = MemorySystem.Read(_files, _time);
        await harness.RunAsync();

        var window = await harness.RunAsync(new(Now.AddHours(-2), Now.AddHours(-1)));

        Assert.Equal(["b"], window.Select(p => p.Part.Name));
        Assert.Empty(await harness.RunAsync());
    }

    [Fact]
    public async Task A_position_of_something_else_is_refused()
    {
        var harness = MemorySystem.Read(_files.Put("a", Now.AddHours(-1)), _time);
        harness.Cursor = "2026-03-01";

        var failure = await harness.FailureAsync();

        Assert.Equal(("position-unreadable", false), (failure.Code, failure.IsTransient));
    }

    public ValueTask DisposeAsync() => _files.DisposeAsync();

    // Lets delays between attempts pass.
    async Task<T> Pump<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        return await work;
    }

    sealed class Full : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("disk full");
    }
}
