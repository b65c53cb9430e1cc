using System.Buffers.Text;
using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;

namespace DataIngestion.Connect;

/// <summary>Takes secrets out of texts, in every form in which libraries and vendors write them back.</summary>
internal sealed class SecretMask
{
    const int ShortestLine = 16;

    readonly Lock _adding = new();
    ImmutableArray<Form> _forms = [];

    /// <summary>Adds a secret; many may do so at once.</summary>
    /// <param name="name">Its reference's name; null when it has none.</param>
    /// <param name="value">The secret.</param>
    public void Add(string? name, string value)
    {
        if (value.Length < SourceSecrets.ShortestMasked)
            return;
        lock (_adding)
        {
            if (_forms.Any(form => form.Text == value))
                return;
            // Longest first: a secret may hold another one, and a form its own value.
            _forms = [.. _forms.Concat(FormsOf(name, value)).OrderByDescending(form => form.Text.Length)];
        }
    }

    /// <summary>The text with <c>***</c> in place of secrets.</summary>
    public string Apply(string text)
    {
        foreach (var form in _forms)
            text = text.Replace(form.Text, "***", form.Comparison);
        return text;
    }

    /// <summary>The text with references in place of secrets that have one, and <c>***</c> in place of others.</summary>
    public string ToReferences(string text)
    {
        foreach (var form in _forms)
            text = text.Replace(form.Text, form.Name is { } name ? $"${{{name}}}" : "***", form.Comparison);
        return text;
    }

    static IEnumerable<Form> FormsOf(string? name, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        yield return new(name, value, StringComparison.Ordinal);
        yield return new(name, Uri.EscapeDataString(value), StringComparison.OrdinalIgnoreCase);
        yield return new(name, WebUtility.UrlEncode(value), StringComparison.OrdinalIgnoreCase);
        string[] derived =
        [
            Convert.ToBase64String(bytes), Base64Url.EncodeToString(bytes), Convert.ToHexString(bytes), WebUtility.HtmlEncode(value),
            JavaScriptEncoder.Default.Encode(value), JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value),
            Uri.UnescapeDataString(value), // part of an address, which a server says back as it reads it
        ];
        foreach (var text in derived.Where(text => text != value).Distinct(StringComparer.Ordinal))
            yield return new(null, text, StringComparison.OrdinalIgnoreCase);

        // Of a key in several lines one may be quoted alone.
        foreach (var line in value.Contains('\n', StringComparison.Ordinal) ? value.Split('\n', StringSplitOptions.TrimEntries) : [])
        {
            if (line.Length >= ShortestLine)
                yield return new(null, line, StringComparison.Ordinal);
        }
    }

    sealed record Form(string? Name, string Text, StringComparison Comparison);
}
