using System.Runtime.InteropServices;
using System.Text;

namespace DataIngestion.Tabular;

/// <summary>A length of time as one cell holds it.</summary>
/// <param name="Units">Units, negative for backwards.</param>
/// <param name="Unit">The resolution.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DurationValue(long Units, TimeUnit Unit)
{
    /// <summary>ISO 8601 in days of 24 hours, every digit that is not zero at the end: <c>P1DT2H3M4.5S</c>, <c>-PT0.001S</c>, <c>PT0S</c>.</summary>
    public override string ToString()
    {
        var perSecond = (ulong)TimestampValue.PerSecond(Unit);
        var (seconds, fraction) = Math.DivRem(Units < 0 ? (ulong)-(Int128)Units : (ulong)Units, perSecond);
        var text = new StringBuilder(Units < 0 ? "-P" : "P");
        if (seconds >= 86_400)
            text.Append(seconds / 86_400).Append('D');
        if (seconds % 86_400 == 0 && fraction == 0)
            return seconds == 0 ? "PT0S" : text.ToString();
        text.Append('T');
        if (seconds / 3600 % 24 is > 0 and var hours)
            text.Append(hours).Append('H');
        if (seconds / 60 % 60 is > 0 and var minutes)
            text.Append(minutes).Append('M');
        if (seconds % 60 > 0 || fraction > 0)
            text.Append(seconds % 60).Append(TimestampValue.Fraction((long)fraction, (long)perSecond)).Append('S');
        return text.ToString();
    }
}
