using System.Globalization;
using System.Text.RegularExpressions;
using DataIngestion.Connect;

namespace DataIngestion.Collect;

/// <summary>How long to wait before the same is asked again.</summary>
internal abstract class Backoff
{
    static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>The time; null where this way does not know it.</summary>
    /// <param name="answer">What was answered.</param>
    /// <param name="context">What templates see.</param>
    /// <param name="attempt">Number of the attempt that got it, from 1.</param>
    /// <param name="now">What time it is.</param>
    public abstract TimeSpan? Wait(JudgedAnswer answer, TemplateContext context, int attempt, DateTimeOffset now);

    /// <summary>The way of a component.</summary>
    public static Backoff Of(Part part) => part.Type switch
    {
        "ConstantBackoffStrategy" => new Reckoned(part.NeededExpression("backoff_time_in_seconds"), isExponential: false),
        "ExponentialBackoffStrategy" => new Reckoned(part.Expression("factor") ?? part.Evaluated(5L, "factor"), isExponential: true),
        "WaitTimeFromHeader" => new Told(part, isInstant: false),
        "WaitUntilTimeFromHeader" => new Told(part, isInstant: true),
        _ => throw part.Unknown("backoff strategy"),
    };

    static TimeSpan Bounded(double seconds) => seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : Longest;

    sealed class Reckoned(Expression seconds, bool isExponential) : Backoff
    {
        public override TimeSpan? Wait(JudgedAnswer answer, TemplateContext context, int attempt, DateTimeOffset now) =>
            seconds.Real(context) is { } base10 ? Bounded(isExponential ? base10 * Math.Pow(2, Math.Min(attempt, 30)) : base10) : null;
    }

    sealed class Told(Part part, bool isInstant) : Backoff
    {
        readonly Expression _header = part.NeededExpression("header");
        readonly Expression? _least = part.Expression("min_wait");
        readonly Expression? _regex = part.Expression("regex");
        readonly Expression? _most = part.Expression("max_waiting_time_in_seconds");

        public override TimeSpan? Wait(JudgedAnswer answer, TemplateContext context, int attempt, DateTimeOffset now)
        {
            var least = _least?.Real(context);
            if (Read(answer.Header(_header.Text(context)), context, now) is not { } seconds)
                return least is { } known ? Bounded(known) : null;
            seconds = Math.Max(seconds, least ?? 0);
            return _most?.Real(context) is { } most && seconds >= most ? Bounded(most) : Bounded(seconds);
        }

        double? Read(string? text, TemplateContext context, DateTimeOffset now)
        {
            if (text is null)
                return null;
            if (_regex?.TextEntry(context) is { } pattern)
            {
                var match = Regex.Match(text, pattern, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(100));
                if (!match.Success)
                    return null;
                text = match.Groups.Count > 1 ? match.Groups[1].Value : match.Value;
            }

            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                return isInstant ? number - (now - DateTimeOffset.UnixEpoch).TotalSeconds : number;
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? (instant - now).TotalSeconds : null;
        }
    }
}
