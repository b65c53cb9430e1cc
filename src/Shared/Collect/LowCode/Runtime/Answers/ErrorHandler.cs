using System.Text.Json;
using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>What answers mean (<c>DefaultErrorHandler</c>, <c>CompositeErrorHandler</c>), and how long to wait before asking again.</summary>
internal sealed class ErrorHandler
{
    const int DefaultRetries = 5;

    readonly LowCodeRun _run;
    readonly HeaderNames _names = new();
    readonly List<(IReadOnlyList<ResponseFilter> Filters, IReadOnlyList<Backoff> Backoffs, Expression? Retries)> _handlers = [];

    ErrorHandler(LowCodeRun run) => _run = run;

    /// <summary>The handler of a component; without one an answer means what its status says.</summary>
    public static ErrorHandler Of(Part? part, LowCodeRun run)
    {
        var handler = new ErrorHandler(run);
        if (part is not null)
            handler.Add(part);
        foreach (var template in handler._handlers.SelectMany(h => h.Filters).SelectMany(f => f.Templates))
            handler._names.AddFrom(template);
        return handler;
    }

    /// <summary>A judge of the answers to one request; null where the status says what they mean.</summary>
    public IAnswerJudge? Judge(TemplateContext context) => _handlers.Count == 0 ? null : new RequestJudge(this, context);

    void Add(Part part)
    {
        switch (part.Type)
        {
            case "CompositeErrorHandler":
                foreach (var inner in part.Children("error_handlers"))
                    Add(inner);
                break;
            case "DefaultErrorHandler" or "":
                _handlers.Add((
                    [.. part.Children("response_filters").Select(filter => new ResponseFilter(filter))],
                    [.. part.Children("backoff_strategies").Select(Backoff.Of)],
                    part.Expression("max_retries")));
                break;
            default:
                throw part.Unknown("error handler");
        }
    }

    sealed class RequestJudge(ErrorHandler handler, TemplateContext context) : IAnswerJudge
    {
        int _attempts;

        public AnswerVerdict? Judge(JudgedAnswer answer)
        {
            var attempt = Interlocked.Increment(ref _attempts);
            var whole = context.With(("response", Body(answer)), ("headers", Headers(answer)));
            foreach (var (filters, backoffs, retries) in handler._handlers)
            {
                var filter = filters.FirstOrDefault(f => f.Fits(answer, whole));
                if (filter is null)
                    continue;
                return Verdict(filter, filter.Action, answer, whole, attempt, backoffs, retries);
            }

            // The status decides, but how long to wait is the manifest's.
            var (_, first, most) = handler._handlers[0];
            return first.Count > 0 && answer.Status is 408 or 429 or >= 500 ? Again(answer, whole, attempt, first, most, message: null) : null;
        }

        AnswerVerdict? Verdict(
            ResponseFilter filter, string action, JudgedAnswer answer, TemplateContext whole, int attempt, IReadOnlyList<Backoff> backoffs, Expression? retries)
        {
            var message = filter.Message(whole);
            return action switch
            {
                "SUCCESS" or "IGNORE" => new(answer.Status >= 400 ? AnswerMeaning.Empty : null, message),
                "RETRY" or "RATE_LIMITED" => Again(answer, whole, attempt, backoffs, retries, message, action == "RATE_LIMITED"),

                // A 401 renews what there is to renew, once, and asks again.
                "REFRESH_TOKEN_THEN_RETRY" => answer.Status == 401 ? null : Again(answer, whole, attempt, backoffs, retries, message),
                _ => new(AnswerMeaning.Failed, message),
            };
        }

        AnswerVerdict Again(JudgedAnswer answer, TemplateContext whole, int attempt, IReadOnlyList<Backoff> backoffs, Expression? retries, string? message, bool isLimited = false)
        {
            if (attempt > (retries?.Whole(context) ?? DefaultRetries))
                return new(AnswerMeaning.Failed, message ?? $"it answered {answer.Status} {attempt} times");
            TimeSpan? wait = null;
            foreach (var backoff in backoffs)
            {
                wait = backoff.Wait(answer, whole, attempt, handler._run.Time.GetUtcNow());
                if (wait is not null)
                    break;
            }

            return new(isLimited || answer.Status == 429 ? AnswerMeaning.Limited : AnswerMeaning.Retry, message, wait);
        }

        LowCodeMap Headers(JudgedAnswer answer) => AnswerHeaders.Of(answer.Header, handler._names.All);

        static object? Body(JudgedAnswer answer)
        {
            try
            {
                return answer.Head.IsEmpty ? new LowCodeMap() : JsonValues.Read(answer.Head);
            }
            catch (JsonException)
            {
                return new LowCodeMap(); // as the platform that manifests are written for
            }
        }
    }
}
