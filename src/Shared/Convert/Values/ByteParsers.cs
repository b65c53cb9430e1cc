using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values;

/// <summary>Text as it is.</summary>
internal sealed class StringParser(BytesBuilder builder) : CellParser
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        builder.Append(text);
        return true;
    }
}

/// <summary>The words for true and false: with <paramref name="strict"/> those of one pair, otherwise any.</summary>
internal sealed class BooleanParser(FixedBuilder<bool> builder, int words, bool strict) : CellParser
{
    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        if (!BooleanText.TryRead(text, out var pair, out var value) || (strict && pair != words))
            return false;
        builder.Append(value);
        return true;
    }
}

/// <summary>Bytes as base64, with or without padding at the end.</summary>
internal sealed class Base64Parser(BytesBuilder builder) : CellParser
{
    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        var length = Base64.GetMaxDecodedFromUtf8Length(text.Length);
        var bytes = ArrayPool<byte>.Shared.Rent(length + 1);
        try
        {
            if (Base64.DecodeFromUtf8(text, bytes, out _, out var written) != OperationStatus.Done)
                return false;
            builder.Append(bytes.AsSpan(0, written));
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}

/// <summary>Bytes as pairs of hexadecimal digits in any case, with or without <c>0x</c> before them.</summary>
internal sealed class HexadecimalParser(BytesBuilder builder) : CellParser
{
    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("0x"u8) || text.StartsWith("\\x"u8))
            text = text[2..];
        var bytes = ArrayPool<byte>.Shared.Rent(text.Length / 2 + 1);
        try
        {
            if (Convert.FromHexString(text, bytes, out _, out var written) != OperationStatus.Done)
                return false;
            builder.Append(bytes.AsSpan(0, written));
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
