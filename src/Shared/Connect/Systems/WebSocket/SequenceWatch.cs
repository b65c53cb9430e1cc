using System.Text.Json;

namespace DataIngestion.Connect;

/// <summary>What a message's sequence number says.</summary>
internal enum SequenceStep
{
    /// <summary>It has none, or it is the first or the next one.</summary>
    Next,

    /// <summary>Numbers before it are missing.</summary>
    Gap,

    /// <summary>It has come before.</summary>
    Repeat,
}

/// <summary>Follows the sequence numbers of one stream.</summary>
/// <param name="path">Where a message has its number.</param>
/// <param name="last">The last one seen by earlier windows.</param>
/// <param name="isReplayed">Whether the vendor sends again what it was asked for, so that a lower number is a repetition.</param>
internal sealed class SequenceWatch(string path, long? last, bool isReplayed)
{
    readonly string[] _path = path.Split('.');
    bool _isFirst = true;

    /// <summary>The last number that was taken.</summary>
    public long? Last { get; private set; } = last;

    /// <summary>Numbers that are missing before the current message, both included.</summary>
    public (long From, long To) Missing { get; private set; }

    /// <summary>Repetitions of numbers before the last one, since a new one came.</summary>
    public long Older { get; private set; }

    /// <summary>A connection begins.</summary>
    /// <param name="scope">Whether its numbers begin anew.</param>
    public void Connected(SequenceScope scope)
    {
        _isFirst = true;
        if (scope is SequenceScope.Connection)
            Last = null;
    }

    /// <summary>What a message is; it counts as taken only after <see cref="Take"/>.</summary>
    public SequenceStep See(JsonElement message, out long? number)
    {
        number = MessageCondition.Find(message, _path) switch
        {
            { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var whole) => whole,
            { ValueKind: JsonValueKind.String } value when long.TryParse(value.GetString(), out var whole) => whole,
            _ => null,
        };
        if (number is not { } current || Last is not { } before)
            return SequenceStep.Next;
        if (current > before + 1)
        {
            Missing = (before + 1, current - 1);
            return SequenceStep.Gap;
        }

        // Without a replay a vendor that counts anew after its restart does not repeat anything.
        if (current > before || (!isReplayed && _isFirst))
            return SequenceStep.Next;
        if (current < before)
            Older++;
        return SequenceStep.Repeat;
    }

    /// <summary>The message is taken.</summary>
    public void Take(long? number)
    {
        (_isFirst, Older) = (false, 0);
        Last = number ?? Last;
    }
}
