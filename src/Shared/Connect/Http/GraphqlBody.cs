using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// The answer to a GraphQL operation, which says in its <c>errors</c> what went wrong, under a 200 and beside data that are incomplete:
/// with errors it fails at its end. Read as it passes by.
/// </summary>
internal sealed class GraphqlBody(Stream inner, SourceCall call, DateTimeOffset? retryNotBefore) : ReadOnlyStream(inner)
{
    const int MaxErrors = 20;

    readonly List<(string? Message, string? Code)> _errors = [];
    byte[] _rest = [];
    JsonReaderState _state;
    string? _member;
    string? _memberOfError;
    bool _isOther; // not JSON: somebody else will say so

    protected override void OnRead(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        if (!_isOther)
        {
            try
            {
                Scan(bytes, isEnd);
            }
            catch (JsonException)
            {
                _isOther = true;
            }
        }

        if (isEnd && _errors.Count > 0)
            throw Failed();
    }

    void Scan(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        byte[] all = [.. _rest, .. bytes];
        var reader = new Utf8JsonReader(all, isEnd, _state);
        while (reader.Read())
            See(ref reader);
        _state = reader.CurrentState;
        _rest = all[(int)reader.BytesConsumed..];
    }

    // Depths: 1 members of the answer, 2 elements of 'errors', 3 members of an error, 4 members of its 'extensions'.
    void See(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName when reader.CurrentDepth == 1:
                _member = reader.ValueTextEquals("errors"u8) ? "errors" : null;
                break;
            case JsonTokenType.StartObject when _member is not null && reader.CurrentDepth == 2 && _errors.Count < MaxErrors:
                _errors.Add((null, null));
                break;
            case JsonTokenType.PropertyName when _member is not null && reader.CurrentDepth == 3:
                _memberOfError = reader.GetString();
                break;
            case JsonTokenType.PropertyName when _member is not null && reader.CurrentDepth == 4 && _memberOfError is "extensions" or "extensions.code":
                _memberOfError = reader.ValueTextEquals("code"u8) ? "extensions.code" : "extensions";
                break;
            case JsonTokenType.String when _member is not null && reader.CurrentDepth == 3 && _memberOfError == "message":
                _errors[^1] = (reader.GetString(), _errors[^1].Code);
                break;
            case JsonTokenType.String when _member is not null && reader.CurrentDepth == 4 && _memberOfError == "extensions.code":
                _errors[^1] = (_errors[^1].Message, reader.GetString());
                break;
        }
    }

    StepFailedException Failed()
    {
        // One error that nothing cures makes the others not worth waiting for.
        var kinds = _errors.ConvertAll(e => KindOf(e.Code));
        var (code, transient) = kinds.Find(k => !k.Transient) is { Code: not null } fatal ? fatal : kinds[0];
        var said = string.Join("; ", _errors.Take(3).Select(e => $"{e.Message ?? "an error without a message"}{(e.Code is null ? "" : $" ({e.Code})")}"));
        return new(new()
        {
            Code = code,
            Message = $"{call.Display} answered with {_errors.Count} GraphQL error{(_errors.Count == 1 ? "" : "s")}: {call.Secrets.Mask(TextQuote.Of(System.Text.Encoding.UTF8.GetBytes(said), call.Secrets.Mask))}",
            IsTransient = transient,
            RetryNotBefore = transient ? retryNotBefore : null,
            HttpStatus = code == "unauthorized" ? 401 : 200, // as the status would have been: secrets that were rotated are read anew
        });
    }

    // As Apollo, GitHub, Shopify and Hasura name them.
    static (string Code, bool Transient) KindOf(string? code) => code?.ToUpperInvariant().Replace('-', '_') switch
    {
        "THROTTLED" or "RATE_LIMITED" or "RATE_LIMIT_EXCEEDED" or "RATELIMITED" or "TOO_MANY_REQUESTS" => ("rate-limited", true),
        "TIMEOUT" or "GATEWAY_TIMEOUT" or "REQUEST_TIMEOUT" or "QUERY_TIMEOUT" => ("timeout", true),
        "INTERNAL_SERVER_ERROR" or "INTERNAL" or "SERVICE_UNAVAILABLE" or "UNAVAILABLE" or "DOWNSTREAM_SERVICE_ERROR" or "BAD_GATEWAY" => ("source-unavailable", true),
        "UNAUTHENTICATED" or "UNAUTHORIZED" or "INVALID_TOKEN" => ("unauthorized", false),
        "FORBIDDEN" or "ACCESS_DENIED" or "INSUFFICIENT_SCOPES" => ("forbidden", false),
        "NOT_FOUND" => ("not-found", false),
        _ => ("request-refused", false),
    };
}
