using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A token that is signed for each request (<c>JwtAuthenticator</c>): the kind <c>jwt</c>.</summary>
internal sealed class JwtAuthenticator(Part part) : Authenticator
{
    static readonly Dictionary<string, string> Claims = new(StringComparer.Ordinal) { ["iss"] = "issuer", ["sub"] = "subject", ["aud"] = "audience" };

    public override AuthenticationDefinition? Put(RequestOptions options, TemplateContext context)
    {
        if (part.Flag("base64_encode_secret_key") || part.Has("passphrase"))
            throw part.Fault("a key that has to be encoded or opened first is a secret to work with, and secrets are references: put the finished key into the setting and leave 'base64_encode_secret_key' and 'passphrase' out.");
        var jwt = new Dictionary<string, string> { ["key"] = part.NeededExpression("secret_key").Text(context), ["algorithm"] = part.NeededExpression("algorithm").Text(context) };
        jwt["lifetime"] = $"{(part.Expression("token_duration")?.Whole(context) ?? 1200)}s";
        PutHeaders(jwt, context);
        foreach (var (name, value) in Fields("jwt_payload", context).Concat(Fields("additional_jwt_payload", context)).Where(f => f.Key is not ("exp" or "iat" or "nbf")))
            jwt[Claims.TryGetValue(name, out var option) ? option : $"claims.{name}"] = PythonText.Str(value);
        jwt["scheme"] = part.Expression("header_prefix")?.TextEntry(context) ?? (part.Has("request_option") ? "" : "Bearer");
        if (part.Child("request_option") is { } place)
        {
            if (place.Text("inject_into") != "header")
                throw place.Fault("a signed token is sent as a header: configure 'auth' on the connection for other places.");
            jwt["header"] = place.NeededExpression("field_name").Text(context);
        }

        return new() { Kind = "jwt", Options = jwt };
    }

    void PutHeaders(Dictionary<string, string> jwt, TemplateContext context)
    {
        foreach (var (name, value) in Fields("jwt_headers", context).Concat(Fields("additional_jwt_headers", context)))
        {
            if (name == "kid")
                jwt["keyId"] = PythonText.Str(value);
            else if (name is not ("typ" or "alg"))
                throw part.Fault($"the header '{name}' of a signed token cannot be set: expected kid, typ or alg.");
        }
    }

    IEnumerable<KeyValuePair<string, object?>> Fields(string name, TemplateContext context) => new OptionFields(part, name, default(ValueKinds), "type").Evaluate(context);
}
