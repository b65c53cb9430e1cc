using DataIngestion.Conversion.Values;

namespace DataIngestion.Conversion.Inference;

/// <summary>What the dates, times and timestamps of a column leave possible.</summary>
internal sealed class TimeProfile
{
    /// <summary>How the dates of timestamps are written.</summary>
    public TextShape Forms { get; private set; }

    /// <summary>Whether the first of two small numbers can be the day in every date.</summary>
    public bool CanBeDayFirst { get; private set; } = true;

    /// <summary>Whether the first of two small numbers can be the month in every date.</summary>
    public bool CanBeMonthFirst { get; private set; } = true;

    /// <summary>The most digits after the second, as written.</summary>
    public int FractionDigits { get; private set; }

    /// <summary>Whether some timestamp or duration does not fit into 64 bits of nanoseconds.</summary>
    public bool IsBeyondNanoseconds { get; private set; }

    public void Add(in TimeText.Measure time)
    {
        FractionDigits = Math.Max(FractionDigits, time.FractionDigits);
        if ((time.Form & (TextShape.SlashedDate | TextShape.DashedDate)) != TextShape.None)
        {
            CanBeDayFirst &= time.CanBeDayFirst;
            CanBeMonthFirst &= time.CanBeMonthFirst;
        }

        if ((time.Shape & TextShape.Timestamps) != TextShape.None)
        {
            Forms |= time.Form;
            IsBeyondNanoseconds |= time.Year is < TimeText.FirstNanosecondYear or > TimeText.LastNanosecondYear;
        }
        else
        {
            IsBeyondNanoseconds |= !DurationText.FitsNanoseconds(time.Seconds) && (time.Shape & TextShape.Dates) == TextShape.None;
        }
    }

    public void Merge(TimeProfile later)
    {
        Forms |= later.Forms;
        CanBeDayFirst &= later.CanBeDayFirst;
        CanBeMonthFirst &= later.CanBeMonthFirst;
        FractionDigits = Math.Max(FractionDigits, later.FractionDigits);
        IsBeyondNanoseconds |= later.IsBeyondNanoseconds;
    }

    /// <summary>Which of two small numbers is the day, or null where no date tells.</summary>
    public bool? DayFirst => CanBeDayFirst && CanBeMonthFirst ? null : CanBeDayFirst;

    /// <summary>Whether some dates have the day and others the month first.</summary>
    public bool IsContradiction => !CanBeDayFirst && !CanBeMonthFirst;
}
