using System.Runtime.InteropServices;

namespace DataIngestion.Observe.Cost;

/// <summary>
/// Shares the time in which an instance is at work, and the processor time it takes meanwhile, among the invocations that run: while several do,
/// each has an equal part, so that the shares add up to what is billed.
/// </summary>
/// <param name="time">Measures time.</param>
/// <param name="processorTime">Processor time that the process has used so far.</param>
internal sealed class ActiveClock(TimeProvider time, Func<TimeSpan> processorTime)
{
    // Flex Consumption bills a stretch of activity for at least a second, and rounds what is longer up to a tenth
    // (https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#billing).
    const double LeastBilled = 1;
    const double BilledStep = 0.1;

    readonly Lock _gate = new();
    int _running;
    long _seen;
    TimeSpan _seenProcessor;
    double _active; // what an invocation that runs since ever would have had
    double _processor;
    double _stretch; // seconds since the instance began to be at work

    /// <summary>An invocation begins.</summary>
    public Share Begin()
    {
        lock (_gate)
        {
            Advance();
            if (_running++ == 0)
                _stretch = 0;
            return new() { Active = _active, Processor = _processor, Began = _seen };
        }
    }

    /// <summary>What an invocation had since it began, or since the last time.</summary>
    public Times Take(Share share)
    {
        lock (_gate)
        {
            Advance();
            return TakeAdvanced(share);
        }
    }

    /// <summary>An invocation ends. The last of a stretch is given what billing rounds up.</summary>
    public Times End(Share share)
    {
        lock (_gate)
        {
            Advance();
            var times = TakeAdvanced(share);
            return --_running > 0 ? times : times with { RoundedUp = Billed(_stretch) - _stretch };
        }
    }

    /// <summary>Seconds that are billed for a stretch of activity.</summary>
    public static double Billed(double seconds) => Math.Max(LeastBilled, Math.Ceiling(Math.Round(seconds / BilledStep, 6)) * BilledStep);

    Times TakeAdvanced(Share share)
    {
        var times = new Times(time.GetElapsedTime(share.Began, _seen).TotalSeconds, _active - share.Active, _processor - share.Processor, 0);
        (share.Active, share.Processor, share.Began) = (_active, _processor, _seen);
        return times;
    }

    void Advance()
    {
        var (now, processor) = (time.GetTimestamp(), processorTime());
        if (_running > 0)
        {
            var passed = time.GetElapsedTime(_seen, now).TotalSeconds;
            _stretch += passed;
            _active += passed / _running;
            _processor += Math.Max(0, (processor - _seenProcessor).TotalSeconds) / _running;
        }

        (_seen, _seenProcessor) = (now, processor);
    }

    /// <summary>One invocation's place on the clock.</summary>
    internal sealed class Share
    {
        internal double Active { get; set; }

        internal double Processor { get; set; }

        internal long Began { get; set; }
    }

    /// <summary>What an invocation had, in seconds.</summary>
    /// <param name="Wall">From beginning to end.</param>
    /// <param name="Active">Its share of the time in which the instance was at work.</param>
    /// <param name="Processor">Its share of processor time.</param>
    /// <param name="RoundedUp">What billing adds.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Times(double Wall, double Active, double Processor, double RoundedUp);
}
