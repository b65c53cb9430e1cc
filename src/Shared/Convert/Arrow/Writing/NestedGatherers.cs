using System.Runtime.InteropServices;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Writing;

/// <summary>Offsets of 32 bits, of which there is one more than rows.</summary>
internal sealed class OffsetGatherer
{
    readonly ByteGatherer _offsets = new();
    int _end;

    public long Bytes => _offsets.Length;

    public ReadOnlyMemory<byte> Memory
    {
        get
        {
            Begin();
            return _offsets.Memory;
        }
    }

    /// <summary>Adds rows.</summary>
    /// <param name="places">Where each begins, and where the last one ends.</param>
    public void Append(ReadOnlySpan<int> places)
    {
        Begin();
        var to = MemoryMarshal.Cast<byte, int>(_offsets.Put((places.Length - 1) * 4L));
        for (var i = 0; i < to.Length; i++)
            to[i] = checked(_end + places[i + 1] - places[0]);
        _end += places[^1] - places[0];
    }

    public void Clear()
    {
        _offsets.Clear();
        _end = 0;
    }

    void Begin()
    {
        if (_offsets.Length == 0)
            _offsets.Put(4).Clear();
    }
}

/// <summary>Text or bytes.</summary>
internal sealed class BytesGatherer : ColumnGatherer
{
    readonly OffsetGatherer _offsets = new();
    readonly ByteGatherer _data = new();

    public override long Bytes => _data.Length + _offsets.Bytes;

    protected override void Values(ColumnVector column, int start, int count)
    {
        var bytes = (BytesColumn)column;
        var places = bytes.Offsets.Slice(start, count + 1);
        bytes.Data[places[0]..places[^1]].CopyTo(_data.Put(places[^1] - places[0]));
        _offsets.Append(places);
    }

    public override void Collect(List<ColumnGatherer> columns, List<ReadOnlyMemory<byte>> buffers)
    {
        base.Collect(columns, buffers);
        buffers.Add(_offsets.Memory);
        buffers.Add(_data.Memory);
    }

    public override void Clear()
    {
        base.Clear();
        _offsets.Clear();
        _data.Clear();
    }
}

/// <summary>Lists.</summary>
internal sealed class ListGatherer(DataType type) : ColumnGatherer
{
    readonly OffsetGatherer _offsets = new();
    readonly ColumnGatherer _elements = For(type.Element!);

    public override long Bytes => _offsets.Bytes + _elements.Bytes;

    protected override void Values(ColumnVector column, int start, int count)
    {
        var list = (ListColumn)column;
        var places = list.Offsets.Slice(start, count + 1);
        _elements.Append(list.Elements, places[0], places[^1] - places[0]);
        _offsets.Append(places);
    }

    public override void Collect(List<ColumnGatherer> columns, List<ReadOnlyMemory<byte>> buffers)
    {
        base.Collect(columns, buffers);
        buffers.Add(_offsets.Memory);
        _elements.Collect(columns, buffers);
    }

    public override void Clear()
    {
        base.Clear();
        _offsets.Clear();
        _elements.Clear();
    }
}

/// <summary>Structs.</summary>
internal sealed class StructGatherer(DataType type) : ColumnGatherer
{
    readonly ColumnGatherer[] _fields = [.. type.Fields!.Select(f => For(f.Type))];

    public override long Bytes => _fields.Sum(f => f.Bytes);

    protected override void Values(ColumnVector column, int start, int count)
    {
        for (var i = 0; i < _fields.Length; i++)
            _fields[i].Append(((StructColumn)column).Fields[i], start, count);
    }

    public override void Collect(List<ColumnGatherer> columns, List<ReadOnlyMemory<byte>> buffers)
    {
        base.Collect(columns, buffers);
        foreach (var field in _fields)
            field.Collect(columns, buffers);
    }

    public override void Clear()
    {
        base.Clear();
        foreach (var field in _fields)
            field.Clear();
    }
}
