using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Judges answers whose status does not say what they mean, such as an error under 200.</summary>
public interface IAnswerJudge
{
    /// <summary>Judges an answer. Called once for each attempt, before its body is given to anybody.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>What it means; null for what its status says.</returns>
    AnswerVerdict? Judge(JudgedAnswer answer);
}

/// <summary>An answer as far as it is judged.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Header">A header by its name, several values joined by a comma; null where it is not there.</param>
/// <param name="Head">The first 64 KiB of the body, decompressed.</param>
/// <param name="IsWhole">Whether that is all of it.</param>
public sealed record JudgedAnswer(int Status, Func<string, string?> Header, ReadOnlyMemory<byte> Head, bool IsWhole);

/// <summary>What an answer means.</summary>
/// <param name="Means">The meaning; null that it is data, whatever its status says.</param>
/// <param name="Message">Why, in the source's words; may be null.</param>
/// <param name="Wait">Time before it is asked again; null as the limits say.</param>
public sealed record AnswerVerdict(AnswerMeaning? Means, string? Message = null, TimeSpan? Wait = null);
