using System.Buffers.Binary;
using DataIngestion.Conversion.Documents;

namespace DataIngestion.Conversion.Avro;

/// <summary>Reads records one after another without a container: bare, or each with the mark and fingerprint of a single object (1.12, "Single-object encoding").</summary>
/// <param name="fingerprint">Of the writer's schema; null for bare records.</param>
internal sealed class AvroDatumReader(ByteWindow window, AvroRows rows, ulong? fingerprint, int maxRecordBytes) : AvroReader(rows, [])
{
    /// <summary>The mark of a single object, which its fingerprint and its value follow.</summary>
    public static ReadOnlySpan<byte> Mark => [0xC3, 0x01];

    const int HeadBytes = 10;

    long _granted;

    protected override async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        while (!Rows.IsFull && await window.EnsureAsync(1, cancellationToken))
        {
            var head = 0;
            if (fingerprint is { } expected)
            {
                await window.EnsureAsync(HeadBytes, cancellationToken);
                head = CheckHead(window.Bytes, expected);
            }

            Grant();
            Rows.Decode(window.Bytes[head..], fingerprint is null ? long.MaxValue : 1, out var used, out var isCut);
            if (used > 0 || (!isCut && Rows.Least == 0 && head > 0))
                window.Skip(head + used);
            else if (!isCut)
                throw new InvalidDataException("Avro records that take no bytes cannot be counted without a container.");
            if (isCut && used == 0)
                await MoreAsync(cancellationToken);
        }
    }

    void Grant()
    {
        var arrived = window.Position + window.Length;
        Rows.Grant(arrived - _granted);
        _granted = arrived;
    }

    async ValueTask MoreAsync(CancellationToken cancellationToken)
    {
        if (window.IsLast)
            throw new InvalidDataException($"Record {Rows.Count + 1} of the Avro data at byte {window.Position} is cut off, or the records are not of the schema that was given.");
        if (window.Length > maxRecordBytes)
            throw new InvalidDataException($"Record {Rows.Count + 1} of the Avro data is longer than {maxRecordBytes} bytes; the limit 'recordBytes' says how long it may be.");
        await window.MoreAsync(cancellationToken);
    }

    int CheckHead(ReadOnlySpan<byte> bytes, ulong expected)
    {
        if (bytes.Length < HeadBytes || !bytes.StartsWith(Mark))
            throw new InvalidDataException($"Single Avro objects begin with C3 01 and a fingerprint; at byte {window.Position} there is none.");
        var found = BinaryPrimitives.ReadUInt64LittleEndian(bytes[Mark.Length..]);
        return found == expected ? HeadBytes : throw new InvalidDataException(
            $"The Avro object at byte {window.Position} was written by the schema with the fingerprint {found:x16}, and the one that was given has {expected:x16}: give the writer's schema (option 'writer-schema').");
    }
}
