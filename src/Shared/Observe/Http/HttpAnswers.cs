using System.Text.Json;
using DataIngestion.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace DataIngestion.Observe.Http;

/// <summary>How both apps answer over HTTP: documents as contract JSON, errors as RFC 9457 problem details.</summary>
public static class HttpAnswers
{
    /// <summary>A document.</summary>
    public static ContentResult Json<T>(T document, int status = StatusCodes.Status200OK) =>
        new() { Content = JsonSerializer.Serialize(document, ContractJson.Options), ContentType = "application/json", StatusCode = status };

    /// <summary>An error, with a title for its kind and a detail for this occurrence.</summary>
    public static ContentResult Problem(int status, string title, string detail) => new()
    {
        Content = JsonSerializer.Serialize(new ProblemDetails { Status = status, Title = title, Detail = detail }, ContractJson.Options),
        ContentType = "application/problem+json",
        StatusCode = status,
    };
}
