using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;

namespace DataIngestion.Contracts;

/// <summary>Whether the body of a request is what its media type says, whatever its placeholders and references will stand for.</summary>
internal static partial class BodyText
{
    /// <summary>What is wrong; null where nothing is, or where the type says nothing about the text.</summary>
    /// <param name="body">As a definition writes it.</param>
    /// <param name="contentType">Null for JSON.</param>
    public static string? FaultOf(string body, string? contentType)
    {
        var type = (contentType ?? "application/json").Split(';')[0].Trim();
        var isJson = type.EndsWith("json", StringComparison.OrdinalIgnoreCase);
        if (!isJson && !type.EndsWith("xml", StringComparison.OrdinalIgnoreCase))
            return null;

        // 0 is a value of its own and a part of any text, so it may stand wherever something is put in.
        var filled = Insertion().Replace(body, "0");
        try
        {
            if (isJson)
                JsonDocument.Parse(filled).Dispose();
            else
                Read(filled);
            return null;
        }
        catch (JsonException fault)
        {
            return $"the body is not JSON, at line {fault.LineNumber + 1} of it: expected JSON, or the 'contentType' that it is.";
        }
        catch (XmlException fault)
        {
            return $"the body is not XML: {fault.Message.TrimEnd('.')}.";
        }
    }

    static void Read(string xml)
    {
        using var reader = XmlReader.Create(new StringReader(xml), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        while (reader.Read())
        {
        }
    }

    [GeneratedRegex(@"\$\{[^{}]*\}|\{[A-Za-z_][A-Za-z0-9_]*(:[^{}""]*)?\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Insertion();
}
