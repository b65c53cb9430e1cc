using System.Buffers.Binary;

namespace DataIngestion.Conversion.Dbf;

/// <summary>The file of long texts beside a table: .dbt of dBASE III and IV, .fpt of FoxPro. Blocks are numbered from the file's start.</summary>
internal sealed class DbfMemo
{
    const int OldBlock = 512;
    const int EndOfText = 0x1A;

    readonly byte[] _bytes;
    readonly int _block;
    readonly bool _isFoxPro;

    public DbfMemo(byte[] bytes, DbfHeader table)
    {
        _bytes = bytes;
        _isFoxPro = table.Version is "Visual FoxPro" or "FoxPro 2";
        if (bytes.Length < 8)
            throw new InvalidDataException($"The memo file is cut off: it has {bytes.Length} bytes.");
        _block = _isFoxPro ? BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(6)) : table.Version == "dBASE III" || bytes.Length < 22 ? OldBlock : BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(20));
        if (_block == 0)
            _block = OldBlock;
    }

    /// <summary>The bytes of a memo; empty for block 0, which is none.</summary>
    /// <exception cref="InvalidDataException">The memo lies behind the end of the file.</exception>
    public ReadOnlySpan<byte> this[long block]
    {
        get
        {
            if (block <= 0)
                return default;
            var at = block * _block;
            if (at > _bytes.Length - 8)
                throw new InvalidDataException($"The memo file ends before block {block}: it is cut off, or belongs to another table.");
            var memo = _bytes.AsSpan((int)at);
            if (_isFoxPro)
                return Sized(memo[8..], BinaryPrimitives.ReadUInt32BigEndian(memo[4..]), block);
            if (memo.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFF, 0x08, 0x00]))
                return Sized(memo[8..], Math.Max(8, BinaryPrimitives.ReadUInt32LittleEndian(memo[4..])) - 8, block);
            return memo.IndexOf((byte)EndOfText) is >= 0 and var end ? memo[..end] : memo;
        }
    }

    static ReadOnlySpan<byte> Sized(ReadOnlySpan<byte> rest, uint length, long block) => length <= rest.Length
        ? rest[..(int)length]
        : throw new InvalidDataException($"The memo file ends inside block {block}: it is cut off, or belongs to another table.");
}
