using System.Text;

namespace DataIngestion.Conversion.Bloomberg;

/// <summary>What a reply says before its data: <c>KEY=VALUE</c> lines and the names of the fields.</summary>
internal sealed class ReplyHeader
{
    readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    bool _inFields;

    /// <summary>The names of the requested fields, in order.</summary>
    public List<string> Fields { get; } = [];

    /// <summary>A value; null where the header has none.</summary>
    public string? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>Whether the data are series of days rather than one line a security.</summary>
    public bool IsHistory => string.Equals(this["PROGRAMNAME"], "gethistory", StringComparison.OrdinalIgnoreCase);

    /// <summary>What stands between two values.</summary>
    public byte Delimiter => this["DELIMITER"] is { Length: 1 } delimiter && delimiter[0] < 128 ? (byte)delimiter[0] : (byte)'|';

    /// <summary>Whether the first line of the data names the columns again.</summary>
    public bool HasColumnLine => string.Equals(this["COLUMNHEADER"], "yes", StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes a line that stands before the data.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        var line = Encoding.UTF8.GetString(bytes).Trim();
        if (line.Length == 0 || line[0] == '#')
            return;
        if (line is "START-OF-FIELDS" or "END-OF-FIELDS")
            _inFields = line[0] == 'S';
        else if (_inFields)
            Fields.Add(line);
        else if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            _values[line[..at].TrimEnd()] = line[(at + 1)..].Trim();
    }
}
