using System.Runtime.CompilerServices;

namespace DataIngestion.Conversion.Orc;

/// <summary>Integers in one of the two run length encodings (ORCv1, "Run Length Encoding").</summary>
internal abstract class IntegerRuns
{
    /// <summary>The most values of one run.</summary>
    protected const int MostValues = 512;

    int _at;
    int _end;

    /// <summary>The values of the run at hand.</summary>
    protected long[] Values { get; } = new long[MostValues];

    public static IntegerRuns Of(OrcStream stream, bool isSigned, bool isSecondVersion) =>
        isSecondVersion ? new IntegerRunsV2(stream, isSigned) : new IntegerRunsV1(stream, isSigned);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next()
    {
        if (_at == _end)
            (_at, _end) = (0, Fill());
        return Values[_at++];
    }

    /// <summary>Reads the next run.</summary>
    /// <returns>How many values it has, at least 1.</returns>
    protected abstract int Fill();
}

/// <summary>Version 1: a control byte c of 0 to 127 for c + 3 values with a constant difference, or a negative one for -c values as they are.</summary>
internal sealed class IntegerRunsV1(OrcStream stream, bool isSigned) : IntegerRuns
{
    protected override int Fill()
    {
        var control = (sbyte)stream.ReadByte();
        if (control < 0)
        {
            for (var i = 0; i < -control; i++)
                Values[i] = Value();
            return -control;
        }

        var delta = (sbyte)stream.ReadByte();
        var value = Value();
        for (var i = 0; i < control + 3; i++, value += delta)
            Values[i] = value;
        return control + 3;
    }

    long Value() => isSigned ? stream.ReadSignedVarint() : (long)stream.ReadVarint();
}
