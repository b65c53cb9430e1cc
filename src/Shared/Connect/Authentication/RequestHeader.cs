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

/// <summary>Sets parameters of the address whose values come from settings.</summary>
internal static class RequestParameter
{
    /// <summary>Sets a parameter in place of what it was.</summary>
    public static void Set(HttpRequestMessage message, string parameter, string value)
    {
        var (address, name) = (message.RequestUri!, Uri.EscapeDataString(parameter));
        var others = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(part => !string.Equals(part.Split('=', 2)[0], name, StringComparison.OrdinalIgnoreCase));
        message.RequestUri = new($"{address.GetLeftPart(UriPartial.Path)}?{string.Join('&', [.. others, $"{name}={Uri.EscapeDataString(value)}"])}");
    }
}

/// <summary>Sets cookies whose values come from settings.</summary>
internal static class RequestCookie
{
    /// <summary>Sets a cookie beside the others of the request, in place of what it was.</summary>
    /// <exception cref="StepFailedException">The value cannot be in a cookie, RFC 6265 (<c>setting-invalid</c>).</exception>
    public static void Set(HttpRequestMessage message, string name, string value)
    {
        if (value.AsSpan().IndexOfAny("\";,\\ ") >= 0 || value.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
            throw new StepFailedException(new() { Code = "setting-invalid", Message = $"The value of the cookie '{name}' has a character that no cookie may have: check the setting that it refers to." });
        var others = message.Headers.TryGetValues("Cookie", out var values) ? values.SelectMany(v => v.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) : [];
        RequestHeader.Set(message, "Cookie", string.Join("; ", [.. others.Where(c => c.Split('=', 2)[0] != name), $"{name}={value}"]));
    }
}
