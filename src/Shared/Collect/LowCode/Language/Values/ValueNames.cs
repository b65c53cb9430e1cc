using System.Numerics;

namespace DataIngestion.Collect;

/// <summary>What values are called in messages.</summary>
internal static class ValueNames
{
    public static string Of(object? value) => value switch
    {
        null => "none",
        bool => "a truth value",
        long or BigInteger => "a whole number",
        decimal or double => "a number",
        string => "text",
        LowCodeMap => "a mapping",
        List<object?> => "a list",
        LowCodeTuple => "a tuple",
        MomentValue => "a time",
        DayValue => "a day",
        TimeDelta or CalendarPeriod => "a duration",
        Undefined => "nothing",
        ICallable => "a function",
        _ => "an object",
    };
}
