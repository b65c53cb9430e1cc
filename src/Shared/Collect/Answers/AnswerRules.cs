using System.Text;
using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Judges answers by a definition's rules: the first that fits counts.</summary>
internal sealed class AnswerRules(IReadOnlyList<AnswerDefinition> rules) : IAnswerJudge
{
    const int SearchedBytes = 4 << 10;

    /// <summary>The judge of a dataset; null where it has no rules.</summary>
    public static AnswerRules? Of(SourceDatasetDefinition dataset) => dataset.Answers.Count == 0 ? null : new(dataset.Answers);

    /// <inheritdoc />
    public AnswerVerdict? Judge(JudgedAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        foreach (var rule in rules)
        {
            if (rule.Status is { } status && status != answer.Status)
                continue;
            var value = rule.Path is { } path ? HeadValue.Find(answer.Head, answer.IsWhole, path) : null;
            if (rule.Path is not null && (value is null || !Fits(rule, value)))
                continue;
            if (rule.Contains is { } text && !(value?.Text ?? HeadOf(answer)).Contains(text, StringComparison.OrdinalIgnoreCase))
                continue;
            return new(rule.Means, MessageOf(rule, value, answer), rule.Wait);
        }

        return null;
    }

    // Without values wanted it is enough that there is something: vendors write null, false, 0, "" and [] for no error.
    static bool Fits(AnswerDefinition rule, HeadValue value) =>
        rule.Values.Count == 0 ? !value.IsNothing : value.Scalars.Any(scalar => rule.Values.Contains(scalar, StringComparer.OrdinalIgnoreCase));

    static string? MessageOf(AnswerDefinition rule, HeadValue? value, JudgedAnswer answer) =>
        (rule.MessagePath is { } path ? HeadValue.Find(answer.Head, answer.IsWhole, path) : null)?.Text ?? value?.Text ?? HeadOf(answer);

    static string HeadOf(JudgedAnswer answer) => Encoding.UTF8.GetString(answer.Head.Span[..Math.Min(answer.Head.Length, SearchedBytes)]);
}
