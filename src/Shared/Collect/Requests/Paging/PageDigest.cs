using System.Security.Cryptography;

namespace DataIngestion.Collect;

/// <summary>Knows a page by its records, whatever stands around them.</summary>
internal sealed class PageDigest(IRecordSink sink) : IRecordSink, IDisposable
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    long _records;

    /// <summary>The same for pages with the same records; null for a page without any.</summary>
    public string? Value => _records == 0 ? null : Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void OnRecord(long place, string? cursor, ReadOnlySpan<byte> content)
    {
        _records++;
        _hash.AppendData(content);
        sink.OnRecord(place, cursor, content);
    }

    public void Dispose() => _hash.Dispose();
}
