using System.Runtime.CompilerServices;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>JSONTestSuite: <c>y_</c> has to be accepted, <c>n_</c> refused, and <c>i_</c> either.</summary>
internal sealed class JsonTestSuite : IConformanceSuite
{
    public string Name => "json-test-suite";

    public string Folder => "json/JSONTestSuite_test_parsing";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            var request = new ConversionRequest { Hint = new() { Format = "json" }, Name = name };
            Task ReadAsync() => new Converter().ConvertAsync(_ => new(File.OpenRead(path)), Stream.Null, (_, _) => ValueTask.CompletedTask, request, null, cancellationToken);
            yield return name[0] switch
            {
                'n' => await ConformanceCase.RefusalAsync(name, ReadAsync),
                'y' => await ConformanceCase.ReadingAsync(name, async () =>
                {
                    await ReadAsync();
                    return null;
                }),
                _ => await EitherAsync(name, ReadAsync),
            };
        }
    }

    static async Task<ConformanceCase> EitherAsync(string name, Func<Task> read)
    {
        try
        {
            await read();
            return ConformanceCase.Right(name);
        }
        catch (ConversionException sentence)
        {
            return new(name, Verdict.Refused, sentence.Message);
        }
        catch (Exception unclear) when (unclear is not OperationCanceledException)
        {
            return ConformanceCase.Wrong(name, $"{unclear.GetType().Name}: {unclear.Message}");
        }
    }
}
