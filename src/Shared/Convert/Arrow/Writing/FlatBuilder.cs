using System.Buffers.Binary;
using System.Text;

namespace DataIngestion.Conversion.Arrow.Writing;

/// <summary>Writes FlatBuffers from the end to the start, as offsets point forwards: what is inside is written before what it is inside of.</summary>
internal sealed class FlatBuilder
{
    byte[] _bytes = new byte[1024];
    int _used;
    int _align = 4;
    readonly List<(int Field, int At)> _fields = [];
    int _tableEnd;

    /// <summary>A reference to what was written last.</summary>
    int Last => _used;

    public int Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Align(4, bytes.Length + 1);
        Put(1).Clear();
        bytes.CopyTo(Put(bytes.Length));
        BinaryPrimitives.WriteInt32LittleEndian(Put(4), bytes.Length);
        return Last;
    }

    /// <summary>A vector of structs or scalars of eight bytes' alignment.</summary>
    public int Vector(ReadOnlySpan<byte> elements, int count)
    {
        Align(4, elements.Length);
        Align(8, elements.Length);
        elements.CopyTo(Put(elements.Length));
        BinaryPrimitives.WriteInt32LittleEndian(Put(4), count);
        return Last;
    }

    /// <summary>A vector of tables.</summary>
    public int Vector(IReadOnlyList<int> tables)
    {
        Align(4, tables.Count * 4);
        for (var i = tables.Count - 1; i >= 0; i--)
            Reference(tables[i]);
        BinaryPrimitives.WriteInt32LittleEndian(Put(4), tables.Count);
        return Last;
    }

    /// <summary>Begins a table; its fields follow, then <see cref="End"/>.</summary>
    public FlatBuilder Table()
    {
        _fields.Clear();
        _tableEnd = _used;
        return this;
    }

    public FlatBuilder Byte(int field, byte value)
    {
        Put(1)[0] = value;
        return Field(field);
    }

    public FlatBuilder Flag(int field, bool value) => Byte(field, value ? (byte)1 : (byte)0);

    public FlatBuilder Int16(int field, short value)
    {
        Align(2, 0);
        BinaryPrimitives.WriteInt16LittleEndian(Put(2), value);
        return Field(field);
    }

    public FlatBuilder Int32(int field, int value)
    {
        Align(4, 0);
        BinaryPrimitives.WriteInt32LittleEndian(Put(4), value);
        return Field(field);
    }

    public FlatBuilder Int64(int field, long value)
    {
        Align(8, 0);
        BinaryPrimitives.WriteInt64LittleEndian(Put(8), value);
        return Field(field);
    }

    /// <summary>A field that refers to text, a vector or a table.</summary>
    public FlatBuilder Refer(int field, int to)
    {
        Reference(to);
        return Field(field);
    }

    public int End()
    {
        Align(4, 0);
        BinaryPrimitives.WriteInt32LittleEndian(Put(4), 0);
        var table = Last;
        var count = _fields.Count == 0 ? 0 : _fields.Max(f => f.Field) + 1;
        for (var field = count - 1; field >= 0; field--)
        {
            var at = _fields.Find(f => f.Field == field).At;
            BinaryPrimitives.WriteUInt16LittleEndian(Put(2), (ushort)(at == 0 ? 0 : table - at));
        }

        BinaryPrimitives.WriteUInt16LittleEndian(Put(2), (ushort)(table - _tableEnd));
        BinaryPrimitives.WriteUInt16LittleEndian(Put(2), (ushort)((count + 2) * 2));
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_bytes.Length - table), Last - table);
        return table;
    }

    /// <summary>Ends the message with its root table.</summary>
    public ReadOnlySpan<byte> Finish(int root)
    {
        Align(_align, 4);
        Reference(root);
        return _bytes.AsSpan(_bytes.Length - _used);
    }

    FlatBuilder Field(int field)
    {
        _fields.Add((field, _used));
        return this;
    }

    void Reference(int to)
    {
        Align(4, 0);
        BinaryPrimitives.WriteInt32LittleEndian(Put(4), Last - to);
    }

    /// <summary>After <paramref name="more"/> bytes the next value is to lie at a multiple of its size.</summary>
    void Align(int size, int more)
    {
        _align = Math.Max(_align, size);
        Put(-(_used + more) & (size - 1)).Clear();
    }

    Span<byte> Put(int bytes)
    {
        while (_bytes.Length - _used < bytes)
        {
            var larger = new byte[_bytes.Length * 2];
            _bytes.AsSpan(_bytes.Length - _used).CopyTo(larger.AsSpan(larger.Length - _used));
            _bytes = larger;
        }

        _used += bytes;
        return _bytes.AsSpan(_bytes.Length - _used, bytes);
    }
}
