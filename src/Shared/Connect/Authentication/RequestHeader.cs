using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Sets headers whose values come from settings.</summary>
internal static class RequestHeader
{
    /// <summary>Sets a header in place of what it was.</summary>
    /// <exception cref="StepFailedException">The value would break out of the header (<c>setting-invalid</c>).</exception>
    public static void Set(HttpRequestMessage message, string name, string value)
    {
        if (value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            throw new StepFailedException(new() { Code = "setting-invalid", Message = $"The value of the header '{name}' has a line break in it: check the setting that it refers to." });
        message.Headers.Remove(name);
        message.Headers.TryAddWithoutValidation(name, value);
    }
}
