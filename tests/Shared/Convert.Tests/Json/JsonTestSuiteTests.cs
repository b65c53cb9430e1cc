using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Json;

/// <summary>github.com/nst/JSONTestSuite: <c>y_</c> must be accepted, <c>n_</c> refused, <c>i_</c> may be either.</summary>
[Trait("Category", "corpus")]
public sealed class JsonTestSuiteTests
{
    [Theory]
    [InlineData(int.MaxValue), InlineData(1), InlineData(7)]
    public async Task Y_is_accepted_n_is_refused_at_the_byte_where_it_goes_wrong_and_i_does_no_harm(int chunk)
    {
        var wrong = new List<string>();
        foreach (var path in Directory.EnumerateFiles(SharedData.Require("json", "JSONTestSuite_test_parsing"), "*.json").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            var refusal = await TryAsync(bytes, chunk);
            var isRight = name[0] switch
            {
                'y' => refusal is null,
                'n' => refusal is not null && (refusal.Line, refusal.Column) == Expected(bytes),
                _ => refusal is null or { Line: not null, Column: not null },
            };
            if (!isRight)
                wrong.Add($"{name}: {refusal?.Message}");
        }

        Assert.Empty(wrong);
    }

    /// <summary>Where a text goes wrong; nesting beyond the limit is refused before its end is seen to be missing.</summary>
    static (long? Line, long? Column) Expected(byte[] bytes)
    {
        var depth = new ConversionLimits().MaxDepth;
        var isDeep = bytes.Length > depth && !bytes.AsSpan(0, depth + 1).ContainsAnyExcept((byte)'[');
        var isDeepObjects = bytes.AsSpan().StartsWith("[{\"\":[{"u8);
        var (line, column) = JsonReference.PlaceOf(bytes, isDeep ? depth : isDeepObjects ? depth / 2 * 5 : JsonReference.FirstFault(bytes));
        return (line, column);
    }

    static async Task<ConversionException?> TryAsync(byte[] bytes, int chunk)
    {
        try
        {
            await Conversions.RunAsync(bytes, Conversions.As("json"), chunk);
            return null;
        }
        catch (ConversionException refused)
        {
            return refused;
        }
    }
}
