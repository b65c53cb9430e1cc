using System.Text;
using DataIngestion.Observe.Http;
using DataIngestion.Retry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Agents.Http;

/// <summary><c>/api/dead-letters</c>: what was given up on, and trying it again.</summary>
public sealed class DeadLettersApi(DeadLetterStore letters, DeadLetterReplayer replayer)
{
    /// <summary>Dead letters: <c>?status=open|replayed&amp;limit=&amp;continuation=</c>.</summary>
    [Function("ListDeadLetters")]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "dead-letters")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var word = request.Query["status"].ToString();
        DeadLetterStatus? status = null;
        if (word.Length > 0)
        {
            if (!Enum.TryParse<DeadLetterStatus>(word, ignoreCase: true, out var named))
                return HttpAnswers.Problem(StatusCodes.Status400BadRequest, "That is not a status", $"status={word}: expected open or replayed.");
            status = named;
        }

        var size = int.TryParse(request.Query["limit"], out var limit) ? Math.Clamp(limit, 1, 500) : 50;
        var page = await letters.ListAsync(status, size, request.Query["continuation"], cancellationToken);
        return HttpAnswers.Json(new { deadLetters = page.Items, continuation = page.Next });
    }

    /// <summary>One dead letter with what it holds.</summary>
    [Function("GetDeadLetter")]
    public async Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "dead-letters/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (await letters.FindAsync(id, cancellationToken) is not { } letter)
            return Unknown(id);
        var body = await letters.FindBodyAsync(id, cancellationToken);
        var message = body?.Message is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;
        return HttpAnswers.Json(new { letter, body?.Failure, body?.Request, body?.Attempts, message });
    }

    /// <summary>Puts a dead letter back where it came from.</summary>
    [Function("ReplayDeadLetter")]
    public async Task<IActionResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "dead-letters/{id}/replay")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await replayer.ReplayAsync(id, cancellationToken) is { } letter ? HttpAnswers.Json(letter, StatusCodes.Status202Accepted) : Unknown(id);

    static ContentResult Unknown(string id) => HttpAnswers.Problem(StatusCodes.Status404NotFound, "There is no such dead letter", $"'{id}' is not the id of a dead letter.");
}
