using System.Text;
using DataIngestion.Conversion.Formats;

namespace DataIngestion.Conversion.Tests.Documents;

/// <summary>The JSON that documents become.</summary>
internal static class DocumentJson
{
    public static Task<string> OfHexAsync(string format, string hex) => OfAsync(format, System.Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    /// <summary>One line a record.</summary>
    public static async Task<string> OfAsync(string format, byte[] content, FormatHint? hint = null, int chunk = int.MaxValue, ConversionLimits? limits = null)
    {
        var context = new FormatContext(new(format, null, null, null, null, null, 1, []), new() { Hint = hint ?? new(), Limits = limits ?? new() });
        await using var json = ((IDocumentFormat)FormatCatalog.Find(format)!).ToJson(new ChunkedStream(content, chunk), context);
        using var all = new MemoryStream();
        await json.CopyToAsync(all, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(all.ToArray()).TrimEnd('\n');
    }

    /// <summary>The sentence with which content is refused.</summary>
    public static async Task<string> RefusalAsync(string format, byte[] content, FormatHint? hint = null, ConversionLimits? limits = null) =>
        (await Assert.ThrowsAsync<ConversionException>(() => OfAsync(format, content, hint, limits: limits))).Message;
}
