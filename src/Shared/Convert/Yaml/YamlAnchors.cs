using YamlDotNet.Core;

namespace DataIngestion.Conversion.Yaml;

/// <summary>
/// The nodes of a document that aliases name, as JSON. What aliases repeat is bounded by what was read: a few lines that stand for gigabytes are
/// refused, as are nodes that hold themselves.
/// </summary>
internal sealed class YamlAnchors(ConversionLimits limits)
{
    const long Free = 16 << 20;

    readonly Dictionary<string, byte[]> _json = new(StringComparer.Ordinal);
    readonly HashSet<string> _open = new(StringComparer.Ordinal);
    long _kept;
    long _repeated;

    /// <summary>Anchors belong to their document.</summary>
    public void Clear()
    {
        _json.Clear();
        _open.Clear();
        _kept = 0;
    }

    /// <summary>A node with an anchor begins.</summary>
    public void Begin(AnchorName anchor) => _open.Add(anchor.Value);

    public void End(AnchorName anchor, ReadOnlySpan<byte> json)
    {
        _open.Remove(anchor.Value);
        _kept += json.Length - (_json.TryGetValue(anchor.Value, out var before) ? before.Length : 0);
        if (_kept > Free + limits.MaxRecordBytes)
            throw new InvalidDataException("the nodes with anchors are too large to be kept");
        _json[anchor.Value] = json.ToArray();
    }

    /// <param name="read">Characters read so far.</param>
    public ReadOnlySpan<byte> Of(AnchorName anchor, long read)
    {
        if (_open.Contains(anchor.Value))
            throw new InvalidDataException($"the node &{anchor.Value} holds itself");
        if (!_json.TryGetValue(anchor.Value, out var json))
            throw new InvalidDataException($"there is no node &{anchor.Value} before its alias");
        _repeated += json.Length;
        if (_repeated > Free && _repeated / limits.MaxDecompressionRatio > read)
            throw new InvalidDataException($"its aliases repeat more than {limits.MaxDecompressionRatio} times what was read; the limit 'decompressionRatio' says how often they may");
        return json;
    }
}
