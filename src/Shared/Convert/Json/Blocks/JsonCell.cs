using System.Runtime.InteropServices;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Json.Blocks;

/// <summary>One value of a line: where its text lies, and what JSON says it is. The default is a value that the line lacks.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct JsonCell
{
    /// <summary>The longest text that a cell can name.</summary>
    public const int MostBytes = (1 << 28) - 1;

    readonly int _start;
    readonly uint _lengthAndKind;

    /// <param name="start">In the lines; the complement of a place in the scratch bytes for text that had to be decoded.</param>
    public JsonCell(int start, int length, CellKind kind) => (_start, _lengthAndKind) = (start, ((uint)length << 4) | (uint)kind);

    public CellKind Kind => (CellKind)(_lengthAndKind & 15);

    public int Start => _start;

    public int Length => (int)(_lengthAndKind >> 4);
}
