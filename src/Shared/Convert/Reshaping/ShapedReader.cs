using System.Text;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Reshaping;

/// <summary>Reads records by another reader and hands them over as <see cref="RecordShaping"/> says.</summary>
/// <param name="quote">The character that stands doubled in quoted cells.</param>
internal sealed class ShapedReader(IRowReader reader, RecordShaping shaping, ConversionLimits limits, byte quote) : IRowReader
{
    const int PreambleBytes = 16 << 10;

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string, byte[]?)> repeated = [];
        if (shaping.Preamble is { } pattern)
        {
            var head = new byte[PreambleBytes];
            var length = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
            content = new PrefixedStream(head.AsMemory(0, length), content);
            var match = pattern.Match(Encoding.UTF8.GetString(head, 0, length));
            repeated = [.. pattern.GetGroupNames().Where(n => !char.IsAsciiDigit(n[0])).Select(n => (n, match.Groups[n].Success ? Encoding.UTF8.GetBytes(match.Groups[n].Value) : null))];
        }

        var shaped = new ShapingConsumer(consumer, shaping, repeated, limits, quote);
        var notes = await reader.ReadAsync(content, shaped, cancellationToken);
        shaped.Complete();
        return notes;
    }
}
