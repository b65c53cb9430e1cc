using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Agents.Http;

/// <summary><c>/api/docs</c>: the HTTP API, for people and for programs.</summary>
public static class DocsApi
{
    /// <summary>A page that shows the OpenAPI document. It loads nothing from elsewhere.</summary>
    [Function("Docs")]
    public static IActionResult Page([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "docs")] HttpRequest request) =>
        Embedded("index.html", "text/html; charset=utf-8");

    /// <summary>The OpenAPI 3.1 document. A test holds its paths against the functions' routes.</summary>
    [Function("OpenApi")]
    public static IActionResult Document([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "docs/openapi.json")] HttpRequest request) =>
        Embedded("openapi.json", "application/json");

    static FileStreamResult Embedded(string name, string contentType)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var content = assembly.GetManifestResourceStream($"docs/{name}") ?? throw new InvalidOperationException($"The resource docs/{name} is not in the assembly.");
        return new(content, contentType);
    }
}
