namespace DataIngestion.Conversion.Csv.Detection;

/// <summary>What a cell of the sample looks like: enough to tell a table that was cut well from one that was cut badly.</summary>
internal enum CellLook : byte
{
    Empty,
    Number,
    Time,

    /// <summary>One word, a name of a thing: no space, no mark that separates.</summary>
    Word,
    Text,

    /// <summary>Holds a mark that usually separates fields, or half a pair of quotes.</summary>
    Mixed,
}

/// <summary>Looks at cells.</summary>
internal static class SampleCells
{
    public static bool IsTyped(CellLook look) => look is CellLook.Number or CellLook.Time;

    public static CellLook Look(ReadOnlySpan<byte> cell, bool quoted)
    {
        cell = cell.Trim((byte)' ');
        if (cell.IsEmpty)
            return CellLook.Empty;
        if (cell.Length <= 40 && LookOfDigits(cell) is { } typed)
            return typed;
        if (quoted)
            return CellLook.Text;
        if (cell.IndexOfAny("\t;|"u8) >= 0 || cell[0] is (byte)'"' != (cell[^1] is (byte)'"'))
            return CellLook.Mixed;
        return cell.IndexOfAny(" ,"u8) < 0 ? CellLook.Word : CellLook.Text;
    }

    /// <summary>Numbers and times are digits with few other characters between them, none of them twice in a row.</summary>
    static CellLook? LookOfDigits(ReadOnlySpan<byte> cell)
    {
        var (digits, points, commas, dashes, colons, letters, others) = (0, 0, 0, 0, 0, 0, 0);
        for (var i = 0; i < cell.Length; i++)
        {
            switch (cell[i])
            {
                case >= (byte)'0' and <= (byte)'9': digits++; break;
                case (byte)'.' or (byte)'\'': points++; break;
                case (byte)',': commas++; break;
                case (byte)'-' or (byte)'/': dashes++; break;
                case (byte)':': colons++; break;
                case (byte)'+' or (byte)'%' or (byte)'$' or (byte)'(' or (byte)')' or (byte)' ' or 0xC2 or 0xA0 or 0xA3 or 0xA5 or 0xE2 or 0x82 or 0xAC: others++; break;
                case (byte)'_' or (byte)'"' or (byte)';' or (byte)'\t' or (byte)'|' or (byte)'=': return null;
                default: letters++; break;
            }
        }

        if (digits == 0 || (commas > 1 && !AreThousands(cell)))
            return null;
        if (letters == 0 && colons == 0 && dashes <= 1 && (dashes == 0 || cell[0] is (byte)'-' or (byte)'(' or (byte)'$'))
            return others <= 4 ? CellLook.Number : null;
        if (letters == 1 && dashes <= 2 && colons == 0 && points + commas <= 1 && (cell.IndexOf((byte)'e') > 0 || cell.IndexOf((byte)'E') > 0))
            return CellLook.Number;
        if (digits >= 3 && (commas == 0 || colons >= 2) && letters <= 5 && (dashes is 2 or 3 || colons is 1 or 2 or 3) && (letters == 0 || letters is 1 or 3 or 4 or 5 && dashes >= 1))
            return CellLook.Time;
        return null;
    }

    static bool AreThousands(ReadOnlySpan<byte> cell)
    {
        for (var rest = cell; rest.IndexOf((byte)',') is >= 0 and var comma; rest = rest[(comma + 1)..])
        {
            var digits = rest[(comma + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if ((digits < 0 ? rest.Length - comma - 1 : digits) != 3)
                return false;
        }

        return true;
    }
}
