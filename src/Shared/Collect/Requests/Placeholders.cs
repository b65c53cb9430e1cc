using System.Text;
using System.Text.Json;
using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A name in a request's texts, and what stands for it.</summary>
/// <param name="Name">With its braces.</param>
/// <param name="Value">Null when there is none yet.</param>
/// <param name="IsNumber">Whether JSON takes it without quotes.</param>
internal sealed record Placeholder(string Name, string? Value, bool IsNumber)
{
    /// <summary>The day or instant that it stands for, where a text may say how it is written (<c>{from:yyyyMMdd}</c>); null where it is none.</summary>
    public DateTimeOffset? Instant { get; init; }

    /// <summary>Whether a format may follow the name.</summary>
    public bool TakesFormat { get; init; }
}

/// <summary>
/// The placeholders of one request. All are replaced in one go, so that none is found in another one's value; and as values come from
/// the source, one that looks like a reference to a secret is refused: it would be resolved.
/// </summary>
internal sealed class Placeholders(Placeholder[] placeholders)
{
    /// <summary>Whether every placeholder of a text has a value.</summary>
    public bool Suffice(string text)
    {
        for (var at = text.IndexOf('{', StringComparison.Ordinal); at >= 0; at = text.IndexOf('{', at + 1))
        {
            if (Find(text, at) is { Value: null })
                return false;
        }

        return true;
    }

    /// <summary>The text with values in place of placeholders, nothing where there is none.</summary>
    public string Fill(string text, Func<string, string>? escape = null)
    {
        var filled = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (Find(text, at) is not { } found)
            {
                filled.Append(text[at++]);
                continue;
            }

            var value = Checked(found.Value ?? "");
            filled.Append(escape is null ? value : escape(value));
            at += found.Name.Length;
        }

        return filled.ToString();
    }

    /// <summary>
    /// JSON with values in place of placeholders: inside a string as its text, elsewhere as a string, number or null. A string that is
    /// nothing but a placeholder without a value is null.
    /// </summary>
    public string FillJson(string json)
    {
        var filled = new StringBuilder(json.Length);
        var isInString = false;
        for (var at = 0; at < json.Length;)
        {
            if (!isInString && json[at] == '"' && Find(json, at + 1) is { Value: null } absent && json.AsSpan(at + 1 + absent.Name.Length).StartsWith("\""))
            {
                filled.Append("null");
                at += absent.Name.Length + 2;
            }
            else if (Find(json, at) is { } found)
            {
                filled.Append(isInString ? BodySyntax.Json.Escape(Checked(found.Value ?? "")) : Literal(found));
                at += found.Name.Length;
            }
            else if (isInString && json[at] == '\\' && at + 1 < json.Length)
            {
                filled.Append(json, at, 2);
                at += 2;
            }
            else
            {
                isInString ^= json[at] == '"';
                filled.Append(json[at++]);
            }
        }

        return filled.ToString();
    }

    /// <summary>The value, which is no reference.</summary>
    /// <exception cref="StepFailedException">It is one.</exception>
    public static string Checked(string value) => SecretReference.NamesIn(value).FirstOrDefault() is { } name
        ? throw new StepFailedException(new()
        {
            Code = "value-refused",
            Message = $"A value that the source gave for its next page or as a cursor holds the text of a reference to '{name}': it is not sent, because that would give the secret away.",
        })
        : value;

    static string Literal(Placeholder placeholder) => placeholder.Value switch
    {
        null => "null",
        { } number when placeholder.IsNumber && decimal.TryParse(number, out _) => number,
        { } text => $"\"{BodySyntax.Json.Escape(Checked(text))}\"",
    };

    // The placeholder that stands there, under the name with which it does.
    Placeholder? Find(string text, int at)
    {
        if (at >= text.Length || text[at] != '{')
            return null;
        var rest = text.AsSpan(at);
        foreach (var placeholder in placeholders)
        {
            if (rest.StartsWith(placeholder.Name))
                return placeholder;
            var stem = placeholder.Name.AsSpan(0, placeholder.Name.Length - 1);
            if (!placeholder.TakesFormat || !rest.StartsWith(stem) || rest.Length == stem.Length || rest[stem.Length] != ':' || rest.IndexOf('}') is not (> 0 and var close))
                continue;
            var format = rest[(stem.Length + 1)..close].ToString();
            if (InstantFormat.FaultOf(format, mustBeRead: false) is not null)
                continue;
            var value = placeholder.Instant is { } instant ? InstantFormat.Write(format, instant) : placeholder.Value;
            return placeholder with { Name = rest[..(close + 1)].ToString(), Value = value, IsNumber = format.StartsWith("unix-", StringComparison.Ordinal) };
        }

        return null;
    }
}
