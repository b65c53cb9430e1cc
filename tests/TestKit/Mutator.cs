using System.Buffers.Binary;

namespace DataIngestion.TestKit;

/// <summary>
/// Damages files as disks, networks, editors and enemies do: bits and bytes changed, pieces lost, repeated, moved and inserted, lengths
/// that claim too much. The same seed gives the same damage.
/// </summary>
public sealed class Mutator(int seed)
{
    const int MostChanges = 6;
    static readonly ulong[] Extremes = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF];
    static readonly byte[] Structural = "\",;|\t\n\r\\{}[]<>&:0-. "u8.ToArray();
    readonly Random _random = new(seed);

    /// <summary>A damaged copy of <paramref name="good"/>; now and then an undamaged one.</summary>
    public byte[] Mutate(ReadOnlySpan<byte> good)
    {
        var bytes = new List<byte>(good.Length + 64);
        bytes.AddRange(good);
        for (var changes = _random.Next(MostChanges); changes > 0 && bytes.Count > 0; changes--)
            Change(bytes);
        return [.. bytes];
    }

    void Change(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count);
        var length = Math.Min(bytes.Count - at, _random.Next(20) == 0 ? _random.Next(1, bytes.Count + 1) : _random.Next(1, 30));
        switch (_random.Next(11))
        {
            case 0: bytes[at] ^= (byte)(1 << _random.Next(8)); break;
            case 1: bytes[at] = (byte)_random.Next(256); break;
            case 2: bytes[at] = Structural[_random.Next(Structural.Length)]; break;
            case 3: bytes.RemoveRange(at, length); break;
            case 4: bytes.InsertRange(at, bytes.GetRange(_random.Next(bytes.Count - length + 1), length)); break;
            case 5: bytes.InsertRange(at, Enumerable.Repeat(Structural[_random.Next(Structural.Length)], _random.Next(1, 40))); break;
            case 6: bytes.InsertRange(at, Noise(length)); break;
            case 7: Overwrite(bytes, at, Enumerable.Repeat((byte)(_random.Next(2) * 0xFF), length)); break;
            case 8: Overwrite(bytes, at, Extreme()); break;
            case 9: bytes.Reverse(at, length); break;
            default: bytes.RemoveRange(at, _random.Next(3) == 0 ? bytes.Count - at : 1); break;
        }
    }

    byte[] Noise(int length)
    {
        var noise = new byte[length];
        _random.NextBytes(noise);
        return noise;
    }

    /// <summary>A number such as lengths are: 1 to 8 bytes, of either byte order.</summary>
    byte[] Extreme()
    {
        var number = new byte[8];
        var value = Extremes[_random.Next(Extremes.Length)];
        var width = 1 << _random.Next(4);
        if (_random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(number, value);
            return number[..width];
        }

        BinaryPrimitives.WriteUInt64BigEndian(number, value);
        return number[^width..];
    }

    static void Overwrite(List<byte> bytes, int at, IEnumerable<byte> values)
    {
        foreach (var value in values)
        {
            if (at >= bytes.Count)
                return;
            bytes[at++] = value;
        }
    }
}
