using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests;

/// <summary>Each version of a file is landed exactly once, whatever the order in which files arrive, runs begin and processes die.</summary>
public sealed class LandedFilesTests
{
    static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    enum Do
    {
        Arrive,
        Change,
        Remove,
        Wait,
        Run,
        Crash,
    }

    sealed record Step(Do What, int File, int Seconds, int Part, CrashPoint Point);

    static readonly Gen<Step> AnyStep = Gen.Select(
        Gen.Frequency((6, Gen.Const(Do.Arrive)), (2, Gen.Const(Do.Change)), (1, Gen.Const(Do.Remove)), (3, Gen.Const(Do.Wait)), (2, Gen.Const(Do.Run)), (3, Gen.Const(Do.Crash))),
        Gen.Int[0, 30], Gen.Frequency((3, Gen.Int[0, 3]), (1, Gen.Int[0, 100_000])), Gen.Int[0, 5], Gen.Enum<CrashPoint>(),
        (what, file, seconds, part, point) => new Step(what, file, seconds, part, point));

    // By name a file may say any time; by modified time at most the overlap before it appears, clocks that jump included.
    [Theory]
    [InlineData("names", "modified", 10_000_000)]
    [InlineData("names", "name", 10_000_000)]
    [InlineData("modified", "modified", 3600)]
    [InlineData("modified", "name", 3600)]
    public async Task Each_version_is_landed_exactly_once(string track, string order, int oldest) =>
        await AnyStep.List[0, 120].SampleAsync(
            async steps =>
            {
                var (files, time, versions, number) = (new MemoryFiles(), new FakeTimeProvider(Start), new HashSet<string>(), 0);
                await using var harness = MemorySystem.Read(files, time, options: [("track", track), ("order", order), ("overlap", "1h"), ("settle", "0s"), ("maxFiles", "7")]);
                foreach (var step in steps)
                {
                    switch (step.What)
                    {
                        case Do.Arrive or Do.Change:
                            var name = step.What is Do.Change && files.There.Count > 0 ? files.There.Keys.ElementAt(step.File % files.There.Count) : $"{step.File}";
                            files.Put(name, time.GetUtcNow().AddSeconds(-Math.Min(step.Seconds * 101L % 20_000_000, oldest)), new('x', number++)); // versions differ in length or time
                            break;
                        case Do.Remove:
                            files.There.Remove($"{step.File}");
                            break;
                        case Do.Wait:
                            time.Advance(TimeSpan.FromSeconds(step.Seconds));
                            break;
                        case Do.Run:
                            await harness.RunAsync();
                            break;
                        case Do.Crash:
                            try
                            {
                                await harness.CrashAsync(step.Point, step.Part);
                            }
                            catch (Xunit.Sdk.ThrowsException)
                            {
                                await harness.RunAsync(); // too few parts to be killed at that one
                            }

                            break;
                    }
                }

                while ((await harness.RunAsync()).Count > 0)
                {
                    // as many runs as it takes
                }

                var there = files.There.Select(f => $"{f.Key} {f.Value.Bytes.Length}").ToList();
                var landed = harness.Landed.Select(p => $"{p.Part.Name} {p.Bytes.Length}").ToList();
                Assert.Equal([], there.Except(landed));
                Assert.Equal(landed.Count, landed.Distinct().Count());
            },
            iter: 120);

    [Theory]
    [InlineData("names")]
    [InlineData("modified")]
    public async Task Thousands_of_files_of_one_second_are_landed_once_with_a_position_that_stays_short(string track)
    {
        var (files, time) = (new MemoryFiles(), new FakeTimeProvider(Start));
        for (var i = 0; i < 3000; i++)
            files.Put($"{i}", Start.AddSeconds(-1));
        await using var harness = MemorySystem.Read(files, time, options: [("track", track), ("settle", "0s"), ("maxFiles", "900")]);

        for (var run = 0; run < 4; run++)
        {
            await harness.CrashAsync(CrashPoint.BeforeAcknowledgement, part: run * 50);
            await harness.RunAsync();
        }

        Assert.Equal(3000, harness.Landed.Count);
        Assert.Equal(3000, harness.Landed.Select(p => p.Part.Name).Distinct().Count());
        Assert.InRange(harness.Cursor!.Length, 1, 2200);
    }

    [Fact]
    public async Task Files_that_have_been_gone_for_long_are_forgotten_and_those_still_there_are_not()
    {
        var (files, time) = (new MemoryFiles(), new FakeTimeProvider(Start));
        var chunks = new FileChunkStore(null);
        await using var harness = MemorySystem.Read(files, time, chunks: chunks, options: [("forget", "30d")]);
        for (var i = 0; i < 1000; i++)
            files.Put($"{i}", Start.AddHours(-1));
        await harness.RunAsync();
        for (var i = 0; i < 500; i++)
            files.There.Remove($"{i}");
        time.Advance(TimeSpan.FromDays(31));
        for (var i = 2000; i < 3000; i++)
            files.Put($"{i}", Start);
        await harness.RunAsync();

        var landed = await LandedFiles.LoadAsync(harness.Cursor, chunks.Of("vendor", "prices"), TestContext.Current.CancellationToken);

        Assert.Empty(await harness.RunAsync());
        Assert.InRange(landed.Count, 1500, 1999);
    }

    [Fact]
    public async Task What_lies_behind_the_floor_takes_no_room()
    {
        var (files, time) = (new MemoryFiles(), new FakeTimeProvider(Start));
        var chunks = new FileChunkStore(null);
        await using var harness = MemorySystem.Read(files, time, chunks: chunks, options: [("track", "modified"), ("overlap", "1h")]);
        for (var day = 0; day < 20; day++)
        {
            time.Advance(TimeSpan.FromDays(1));
            for (var i = 0; i < 200; i++)
                files.Put($"{day}-{i}", time.GetUtcNow().AddMinutes(-1));
            await harness.RunAsync();
        }

        var landed = await LandedFiles.LoadAsync(harness.Cursor, chunks.Of("vendor", "prices"), TestContext.Current.CancellationToken);

        Assert.Equal(4000, harness.Landed.Count);
        Assert.InRange(landed.Count, 200, 1000);
    }
}
