using System.Net.Http;
using Azure;
using DataIngestion.Contracts;

namespace DataIngestion.Agents.Commands;

/// <summary>Puts exceptions into the words of a <see cref="Failure"/>.</summary>
internal static class FailureOf
{
    /// <summary>Code of failures that only a defect of ours explains.</summary>
    public const string Internal = "internal";

    /// <summary>Describes an exception.</summary>
    /// <param name="exception">What a handler threw.</param>
    /// <param name="command">The command it was at.</param>
    /// <param name="deadlinePassed">Whether the command's time had run out.</param>
    public static Failure Exception(Exception exception, AgentCommand command, bool deadlinePassed) => exception switch
    {
        StepFailedException step => step.Failure,
        OperationCanceledException or TimeoutException when deadlinePassed => new()
        {
            Code = "deadline",
            Message = $"'{command.Kind}' was not finished by {command.Deadline:u}: see whether the source answers, or give the step a longer 'deadline' in the workflow.",
            IsTransient = true,
            ErrorType = exception.GetType().FullName,
        },
        RequestFailedException storage => new()
        {
            Code = "storage",
            Message = $"Storage answered {storage.Status} {storage.ErrorCode}: {storage.Message.Split('\n')[0]}",
            IsTransient = storage.Status is 0 or 408 or 429 or >= 500,
            HttpStatus = storage.Status,
            ErrorType = exception.GetType().FullName,
        },
        HttpRequestException or IOException or TimeoutException or OperationCanceledException or AggregateException { InnerException: RequestFailedException } => new()
        {
            Code = "unreachable",
            Message = exception.Message,
            IsTransient = true,
            ErrorType = exception.GetType().FullName,
        },
        _ => new()
        {
            Code = Internal,
            Message = $"'{command.Kind}' failed unexpectedly: {exception.Message}",
            ErrorType = exception.GetType().FullName,
        },
    };
}
