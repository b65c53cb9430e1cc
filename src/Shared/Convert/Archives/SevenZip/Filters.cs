using System.Buffers.Binary;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Archives.SevenZip;

/// <summary>Undoes the delta filter: each byte was stored as its difference to the one some bytes before.</summary>
internal sealed class DeltaStream(Stream inner, int distance) : ReadOnlyStream
{
    readonly byte[] _before = new byte[distance];
    int _at;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        for (var i = 0; i < read; i++)
        {
            buffer[i] = _before[_at] += buffer[i];
            _at = _at + 1 == distance ? 0 : _at + 1;
        }

        return read;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Undoes BCJ for x86: the targets of calls and jumps were stored absolute (Bra86.c of the LZMA SDK).</summary>
internal sealed class BcjStream(Stream inner) : ReadOnlyStream
{
    const int Instruction = 5;

    static readonly bool[] MayFollow = [true, true, true, false, true, false, false, false];
    static readonly int[] BitOf = [0, 1, 2, 2, 3, 3, 3, 3];

    readonly byte[] _buffer = new byte[1 << 16];
    int _at;
    int _done;
    int _length;
    uint _mask;
    uint _position;
    bool _isEnded;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        while (_at == _done && !(_isEnded && _done == _length))
            Fill();
        var take = Math.Min(buffer.Length, _done - _at);
        _buffer.AsSpan(_at, take).CopyTo(buffer);
        _at += take;
        return take;
    }

    void Fill()
    {
        _buffer.AsSpan(_done, _length - _done).CopyTo(_buffer);
        (_length, _at, _done) = (_length - _done, 0, 0);
        for (int read; _length < _buffer.Length && !_isEnded; _length += read)
        {
            read = inner.Read(_buffer.AsSpan(_length));
            _isEnded = read == 0;
        }

        _done = Decode(_buffer.AsSpan(0, _length));
        _position += (uint)_done;
        // The last four bytes cannot hold an instruction.
        if (_isEnded)
            _done = _length;
    }

    int Decode(Span<byte> data)
    {
        if (data.Length < Instruction)
            return 0;
        var (at, last) = (0, -1);
        var limit = data.Length - 4;
        while (true)
        {
            while (at < limit && (data[at] & 0xFE) != 0xE8)
                at++;
            if (at >= limit)
                break;
            var distance = at - last;
            _mask = distance > 3 ? 0 : (_mask << (distance - 1)) & 7;
            last = at;
            if (_mask != 0 && (!MayFollow[_mask] || IsSign(data[at + 4 - BitOf[_mask]])))
            {
                _mask = ((_mask << 1) & 7) | 1;
                at++;
                continue;
            }

            if (!IsSign(data[at + 4]))
            {
                _mask = ((_mask << 1) & 7) | 1;
                at++;
                continue;
            }

            Restore(data.Slice(at, Instruction), _position + (uint)at + Instruction);
            at += Instruction;
        }

        var rest = at - last;
        _mask = rest > 3 ? 0 : (_mask << (rest - 1)) & 7;
        return at;
    }

    void Restore(Span<byte> instruction, uint next)
    {
        var target = BinaryPrimitives.ReadUInt32LittleEndian(instruction[1..]);
        uint relative;
        while (true)
        {
            relative = target - next;
            if (_mask == 0)
                break;
            var bits = BitOf[_mask] * 8;
            if (!IsSign((byte)(relative >> (24 - bits))))
                break;
            target = relative ^ ((1u << (32 - bits)) - 1);
        }

        // The highest byte is the sign of what is stored below.
        BinaryPrimitives.WriteUInt32LittleEndian(instruction[1..], (relative & 0x1FFFFFF) | ((relative & 0x1000000) != 0 ? 0xFF000000 : 0));
    }

    static bool IsSign(byte value) => value is 0 or 0xFF;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
