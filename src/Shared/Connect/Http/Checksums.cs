using System.Numerics;
using System.Security.Cryptography;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// The checksums that an answer's headers name, and those of the bytes that came: <c>Content-MD5</c>, <c>Digest</c> (RFC 3230),
/// <c>Repr-Digest</c> and <c>Content-Digest</c> (RFC 9530), and those of Azure, Google and Amazon storage. Of parts of an answer, and where a
/// content coding stands between the stored and the sent bytes, none counts.
/// </summary>
internal sealed class Checksums : IDisposable
{
    readonly List<Checksum> _all;
    bool _isChecked;
    string? _mismatch;

    Checksums(List<Checksum> all) => _all = all;

    /// <summary>The checksums of a whole answer; null when it names none that can be computed.</summary>
    public static Checksums? Of(HttpResponseMessage message)
    {
        if (message.StatusCode is System.Net.HttpStatusCode.PartialContent || message.Content.Headers.ContentEncoding.Count > 0 || HeaderOf(message, "x-goog-stored-content-encoding") is "gzip")
            return null;
        List<Checksum> all = [];
        foreach (var name in (string[])["Content-MD5", "x-ms-blob-content-md5"])
            Add(name, "md5", HeaderOf(message, name));
        foreach (var name in (string[])["Repr-Digest", "Content-Digest", "Digest", "x-goog-hash"])
        {
            foreach (var entry in HeaderOf(message, name)?.Split(',', StringSplitOptions.TrimEntries) ?? [])
            {
                if (entry.Split('=', 2) is [var algorithm, var value])
                    Add(name, algorithm.ToLowerInvariant(), value.Trim(':')); // structured fields put binary between colons
            }
        }

        foreach (var algorithm in (string[])["sha256", "sha1", "crc32c"])
            Add($"x-amz-checksum-{algorithm}", algorithm, HeaderOf(message, $"x-amz-checksum-{algorithm}"));
        return all.Count > 0 ? new(all) : null;

        void Add(string header, string algorithm, string? value)
        {
            // What is no base64 of the right length is something else, such as Amazon's checksum of checksums.
            if (value is not null && Checksum.Find(algorithm) is { } size && TryDecode(value) is { } expected && expected.Length == size.Bytes)
                all.Add(new(header, expected, size.Hash));
        }
    }

    public static StepFailedException Mismatch(string display, string header) => new(new()
    {
        Code = "checksum-mismatch",
        Message = $"The answer of {display} is not what its header '{header}' says: bytes were changed on the way.",
        IsTransient = true,
    });

    /// <summary>Takes note of bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (var checksum in _all)
            checksum.Append(bytes);
    }

    /// <summary>The header that says otherwise than the bytes; null when all agree.</summary>
    public string? FindMismatch()
    {
        if (!_isChecked)
            (_isChecked, _mismatch) = (true, _all.Find(c => !c.IsMet())?.Header);
        return _mismatch;
    }

    /// <inheritdoc />
    public void Dispose() => _all.ForEach(c => c.Dispose());

    static string? HeaderOf(HttpResponseMessage message, string name) =>
        message.Headers.NonValidated.TryGetValues(name, out var values) || message.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    static byte[]? TryDecode(string value)
    {
        var bytes = new byte[value.Length];
        return Convert.TryFromBase64String(value, bytes, out var length) ? bytes[..length] : null;
    }

    sealed class Checksum(string header, byte[] expected, HashAlgorithmName? name) : IDisposable
    {
        readonly IncrementalHash? _hash = name is { } algorithm ? IncrementalHash.CreateHash(algorithm) : null;
        uint _crc = uint.MaxValue;

        public string Header => header;

        public static (int Bytes, HashAlgorithmName? Hash)? Find(string algorithm) => algorithm switch
        {
            "md5" => (16, HashAlgorithmName.MD5),
            "sha" or "sha1" => (20, HashAlgorithmName.SHA1),
            "sha-256" or "sha256" => (32, HashAlgorithmName.SHA256),
            "sha-512" => (64, HashAlgorithmName.SHA512),
            "crc32c" => (4, null),
            _ => null,
        };

        public void Append(ReadOnlySpan<byte> bytes)
        {
            if (_hash is not null)
            {
                _hash.AppendData(bytes);
                return;
            }

            var crc = _crc;
            for (; bytes.Length >= 8; bytes = bytes[8..])
                crc = BitOperations.Crc32C(crc, BitConverter.ToUInt64(bytes));
            foreach (var one in bytes)
                crc = BitOperations.Crc32C(crc, one);
            _crc = crc;
        }

        public bool IsMet()
        {
            Span<byte> actual = stackalloc byte[4];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(actual, ~_crc);
            return expected.AsSpan().SequenceEqual(_hash is null ? actual : _hash.GetHashAndReset());
        }

        public void Dispose() => _hash?.Dispose();
    }
}
