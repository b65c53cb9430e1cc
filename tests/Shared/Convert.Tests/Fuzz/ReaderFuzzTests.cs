using System.Runtime.ExceptionServices;
using DataIngestion.Tabular;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Fuzz;

/// <summary>
/// Damaged files of every format: each is converted, with every record accounted for (the conversion helper checks the sum), or refused
/// with one clear error. No crash, no hang, no memory beyond what a small file may need.
/// </summary>
public sealed class ReaderFuzzTests
{
    const int InputsInCi = 2_000;
    const int InputsInCampaign = 100_000;

    /// <summary>What one conversion of a file of a few kilobytes may allocate: its buffers, and nothing that the file merely claims.</summary>
    const long MostAllocated = 512L << 20;

    /// <summary>Not a measure of speed: an input that takes this long hangs.</summary>
    static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    public static TheoryData<string> Readers => [.. FuzzSeeds.Names];

    [Theory]
    [MemberData(nameof(Readers))]
    public Task Damaged_input_is_converted_or_refused_with_one_clear_error(string reader) => FuzzAsync(reader, InputsInCi, seed: 2024);

    [Theory]
    [Trait("Category", "campaign")]
    [MemberData(nameof(Readers))]
    public Task A_hundred_thousand_damaged_inputs_are_converted_or_refused(string reader) => FuzzAsync(reader, InputsInCampaign, seed: 7);

    static async Task FuzzAsync(string reader, int inputs, int seed)
    {
        var seeds = await FuzzSeeds.OfAsync(reader);
        var mutator = new Mutator(seed);
        var random = new Random(seed);
        var (converted, refused) = (0, 0);
        for (var i = 0; i < inputs; i++)
        {
            var input = mutator.Mutate(seeds[random.Next(seeds.Count)]);
            try
            {
                await RunAsync(reader, input, random).WaitAsync(Hang, TestContext.Current.CancellationToken);
                converted++;
            }
            catch (Exception clear) when (IsClear(clear))
            {
                Assert.NotEmpty(clear.Message);
                refused++;
            }
            catch (Exception unclear) when (unclear is not OperationCanceledException)
            {
                Assert.Fail($"{reader}, seed {seed}, input {i} ({System.Convert.ToBase64String(input)}): {unclear}");
            }
        }

        Assert.Equal(inputs, converted + refused);
        Assert.True(converted > inputs / 40, $"only {converted} of {inputs} were converted: the damage is too great to reach the reader");
    }

    static bool IsClear(Exception e) => e is ConversionException or InvalidDataException or NotSupportedException;

    static async Task RunAsync(string reader, byte[] input, Random random)
    {
        var (request, chunk) = (Request(reader, random), random.Next(4) == 0 ? random.Next(1, 50) : int.MaxValue);
        // What all threads allocate is counted, those of other tests too: what seems too much is counted again.
        for (var left = 3; ; left--)
        {
            var before = GC.GetTotalAllocatedBytes();
            var refused = await Record.ExceptionAsync(async () =>
            {
                if (reader == "parquet")
                    await ReadParquetAsync(input);
                else
                    await Conversions.RunAsync(input, request, chunk);
            });
            var allocated = GC.GetTotalAllocatedBytes() - before;
            if (allocated > MostAllocated && left > 1)
                continue;
            Assert.InRange(allocated, 0, MostAllocated);
            if (refused is not null)
                ExceptionDispatchInfo.Throw(refused);
            return;
        }
    }

    static async Task ReadParquetAsync(byte[] input)
    {
        await foreach (var batch in ParquetReader.ReadAsync(new MemoryStream(input), null, TestContext.Current.CancellationToken))
        {
            for (var row = 0; row < batch.Count; row++)
                batch.GetRow(row);
            batch.Dispose();
        }
    }

    static ConversionRequest Request(string reader, Random random)
    {
        var hint = new FormatHint
        {
            Format = reader switch { "unnamed" => null, "csv.gz" or "csv.zst" => "csv", _ => reader },
            RecordPath = reader switch { "json" => "$.rows[*]", "xml" => "//row", _ => null },
        };
        return new()
        {
            Hint = FormatSeeds.ByFormat.GetValueOrDefault(reader)?.Hint?.Invoke(hint) ?? hint,
            Limits = new() { MaxRecordBytes = 4000, MaxFieldBytes = 1000, MaxColumns = 120, MaxDepth = 20 },
            Types = random.Next(3) == 0 ? TypesMode.Text : TypesMode.Infer,
        };
    }
}
