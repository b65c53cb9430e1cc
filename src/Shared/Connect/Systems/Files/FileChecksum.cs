using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DataIngestion.Connect;

/// <summary>The checksum that a system declared for a file, computed along.</summary>
internal sealed class FileChecksum : IDisposable
{
    readonly string _declared;
    readonly IncrementalHash? _hash;
    uint _crc = uint.MaxValue;

    FileChecksum(string declared, IncrementalHash? hash) => (_declared, _hash) = (declared, hash);

    /// <summary>For <c>md5:…</c>, <c>sha1:…</c>, <c>sha256:…</c> and <c>crc32c:…</c>; null for others and none.</summary>
    public static FileChecksum? For(string? declared) => declared?.Split(':')[0] switch
    {
#pragma warning disable CA5350, CA5351 // what the system declares; against accidents, not against people
        "md5" => new(declared, IncrementalHash.CreateHash(HashAlgorithmName.MD5)),
        "sha1" => new(declared, IncrementalHash.CreateHash(HashAlgorithmName.SHA1)),
#pragma warning restore CA5350, CA5351
        "sha256" => new(declared, IncrementalHash.CreateHash(HashAlgorithmName.SHA256)),
        "crc32c" => new(declared, null),
        _ => null,
    };

    /// <summary>Adds what was read.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_hash is not null)
        {
            _hash.AppendData(bytes);
            return;
        }

        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            _crc = BitOperations.Crc32C(_crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
            _crc = BitOperations.Crc32C(_crc, rest);
    }

    /// <summary>What came out instead of what was declared; null when they are the same.</summary>
    public string? Mismatch()
    {
        var value = _hash is null ? $"{~_crc:x8}" : Convert.ToHexStringLower(_hash.GetCurrentHash());
        var computed = $"{_declared.Split(':')[0]}:{value}";
        return string.Equals(computed, _declared, StringComparison.OrdinalIgnoreCase) ? null : computed;
    }

    /// <inheritdoc />
    public void Dispose() => _hash?.Dispose();
}
