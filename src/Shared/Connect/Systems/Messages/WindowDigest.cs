using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace DataIngestion.Connect;

/// <summary>
/// A short text that knows the messages of a landed window again when the broker delivers them once more. The window is divided into at
/// most 400 blocks of equal length, each remembered by the first 48 bits of the SHA-256 over its messages' identities. Windows of up to
/// 400 messages remember every single one.
/// </summary>
internal sealed class WindowDigest
{
    const int MaxBlocks = 400;
    const int HashBytes = 6;
    const string Mark = "w1";

    readonly Dictionary<string, int> _full = new(StringComparer.Ordinal);
    readonly string? _last;

    WindowDigest(int count, int blockLength, IReadOnlyList<string> hashes)
    {
        (Count, BlockLength) = (count, blockLength);
        LastLength = count % blockLength;
        _last = LastLength > 0 ? hashes[^1] : null;
        foreach (var hash in LastLength > 0 ? hashes.SkipLast(1) : hashes)
            _full[hash] = _full.GetValueOrDefault(hash) + 1;
    }

    /// <summary>Messages of the window.</summary>
    public int Count { get; }

    /// <summary>Messages that are recognised together.</summary>
    public int BlockLength { get; }

    /// <summary>Messages of the last block where it is shorter; 0 where all are equal.</summary>
    public int LastLength { get; private set; }

    /// <summary>The identity of a message that consists of these fields.</summary>
    public static byte[] IdentityOf(ReadOnlySpan<byte> payload, params ReadOnlySpan<string?> fields)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var field in fields)
        {
            var text = System.Text.Encoding.UTF8.GetBytes(field ?? "");
            hash.AppendData(BitConverter.GetBytes(field is null ? -1 : text.Length)); // so that no two lists of fields look alike
            hash.AppendData(text);
        }

        hash.AppendData(payload);
        return hash.GetHashAndReset();
    }

    /// <summary>The text for a window, at most 3,300 characters.</summary>
    public static string ToText(IReadOnlyList<byte[]> identities)
    {
        var length = LengthFor(identities.Count);
        var hashes = identities.Chunk(length).Select(HashOf);
        return string.Create(CultureInfo.InvariantCulture, $"{Mark}:{identities.Count}:{string.Concat(hashes)}");
    }

    /// <summary>Reads such a text; null when it is none.</summary>
    public static WindowDigest? Parse(string? text)
    {
        var parts = text?.Split(':');
        if (parts is not [Mark, var number, var hashes] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count == 0)
            return null;
        const int width = HashBytes * 4 / 3;
        var length = LengthFor(count);
        return hashes.Length == (count + length - 1) / length * width ? new(count, length, [.. hashes.Chunk(width).Select(c => new string(c))]) : null;
    }

    /// <summary>Whether these messages are a block of the window that has not been recognised yet; each counts once.</summary>
    public bool TryTake(IReadOnlyCollection<byte[]> identities)
    {
        var hash = HashOf(identities);
        if (identities.Count == BlockLength && _full.TryGetValue(hash, out var left))
        {
            if (left == 1)
                _full.Remove(hash);
            else
                _full[hash] = left - 1;
            return true;
        }

        if (identities.Count != LastLength || LastLength == 0 || hash != _last)
            return false;
        LastLength = 0;
        return true;
    }

    static int LengthFor(int count) => Math.Max(1, (count + MaxBlocks - 1) / MaxBlocks);

    static string HashOf(IReadOnlyCollection<byte[]> identities)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var identity in identities)
            hash.AppendData(identity);
        return Base64Url.EncodeToString(hash.GetHashAndReset().AsSpan(0, HashBytes));
    }
}
