using System.Security;
using System.Text.Encodings.Web;

namespace DataIngestion.Connect;

/// <summary>What a value has to be written like inside a body.</summary>
public enum BodySyntax
{
    /// <summary>As it is.</summary>
    Text,

    /// <summary>Inside a JSON string.</summary>
    Json,

    /// <summary>Inside a form field.</summary>
    Form,

    /// <summary>Inside XML text or an attribute.</summary>
    Xml,
}

/// <summary>Bodies by media type.</summary>
public static class BodySyntaxes
{
    /// <summary>The syntax of a media type.</summary>
    public static BodySyntax Of(string contentType)
    {
        ArgumentNullException.ThrowIfNull(contentType);
        var type = contentType.Split(';', 2)[0].Trim().ToLowerInvariant();
        return type switch
        {
            "application/json" or "text/json" or "application/x-ndjson" => BodySyntax.Json,
            "application/x-www-form-urlencoded" => BodySyntax.Form,
            "application/xml" or "text/xml" => BodySyntax.Xml,
            _ when type.EndsWith("+json", StringComparison.Ordinal) => BodySyntax.Json,
            _ when type.EndsWith("+xml", StringComparison.Ordinal) => BodySyntax.Xml,
            _ => BodySyntax.Text,
        };
    }

    /// <summary>A value as it stands inside a body.</summary>
    public static string Escape(this BodySyntax syntax, string value) => syntax switch
    {
        BodySyntax.Json => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value),
        BodySyntax.Form => Uri.EscapeDataString(value),
        BodySyntax.Xml => SecurityElement.Escape(value),
        _ => value,
    };
}
