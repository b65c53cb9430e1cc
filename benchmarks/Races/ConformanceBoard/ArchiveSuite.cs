using System.Runtime.CompilerServices;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>Archives that other programs packed, in many versions and methods: right where every member comes out with its checksum.</summary>
internal sealed class ArchiveSuite : IConformanceSuite
{
    public string Name => "archives";

    public string Folder => "formats/magika";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var kind in (string[])["zip", "tar", "sevenzip"])
        {
            foreach (var path in Directory.EnumerateFiles(Path.Combine(folder, kind)).Order(StringComparer.Ordinal))
                yield return await JudgeAsync($"{kind}/{Path.GetFileName(path)}", path, cancellationToken);
        }
    }

    static async Task<ConformanceCase> JudgeAsync(string name, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var parts = InputParts.Find(() => File.OpenRead(path), Path.GetFileName(path), new());
            var members = parts.Parts.Where(p => p.Member is not null).ToList();
            foreach (var member in members)
            {
                await using var content = member.Open();
                await content.CopyToAsync(Stream.Null, cancellationToken);
            }

            return members.Count > 0 ? ConformanceCase.Right(name) : ConformanceCase.Wrong(name, "no members were found");
        }
        catch (ConversionException refused)
        {
            var isDeclared = refused.Message.Contains("not supported", StringComparison.Ordinal) || refused.Message.Contains("encrypted", StringComparison.Ordinal);
            return new(name, isDeclared ? Verdict.Declined : Verdict.Wrong, refused.Message);
        }
        catch (Exception unclear) when (unclear is not OperationCanceledException)
        {
            return ConformanceCase.Wrong(name, $"{unclear.GetType().Name}: {unclear.Message}");
        }
    }
}
