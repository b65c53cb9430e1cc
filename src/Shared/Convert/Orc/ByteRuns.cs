using System.Runtime.CompilerServices;

namespace DataIngestion.Conversion.Orc;

/// <summary>Byte run length encoding: a control byte c of 0 to 127 and a byte for c + 3 equal bytes, or a negative one for -c bytes as they are.</summary>
internal sealed class ByteRuns(OrcStream stream)
{
    int _left;
    bool _isRun;
    byte _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Next()
    {
        if (_left == 0)
            Begin();
        _left--;
        return _isRun ? _value : stream.ReadByte();
    }

    void Begin()
    {
        var control = (sbyte)stream.ReadByte();
        _isRun = control >= 0;
        _left = _isRun ? control + 3 : -control;
        if (_isRun)
            _value = stream.ReadByte();
    }
}

/// <summary>Booleans: eight in a byte, highest bit first, in byte runs.</summary>
internal sealed class BitRuns(ByteRuns bytes)
{
    int _left;
    int _bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next()
    {
        if (_left == 0)
            (_bits, _left) = (bytes.Next(), 8);
        _left--;
        return ((_bits >> _left) & 1) != 0;
    }
}
