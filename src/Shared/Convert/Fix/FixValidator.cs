using DataIngestion.Conversion.Values;

namespace DataIngestion.Conversion.Fix;

/// <summary>
/// Holds a message against its dictionary, as a session does before it takes one (FIX 4.4 Volume 2, "Rejecting invalid messages"): what does not depend on the
/// session's state. Not thread-safe.
/// </summary>
internal sealed class FixValidator
{
    const int MsgType = 35;
    const int PossDupFlag = 43;
    const int OrigSendingTime = 122;

    /// <summary>Numbers from here on are for bilateral use.</summary>
    const int FirstUserDefined = 5000;
    readonly HashSet<int> _seen = [];
    FixVersion _version = null!;
    string _name = "";

    /// <summary>The first thing that is wrong with the message as a whole; null where nothing is.</summary>
    /// <param name="type">MsgType's value.</param>
    public FixFault? Check(ReadOnlySpan<byte> message, FixMessageCutter cut, string type, FixMembers? body)
    {
        _version = cut.Version;
        if (!_version.IsKnown)
            return new(8, "version", "a version for which there is a dictionary, from FIX.4.0 to FIX.5.0SP2; the option 'dictionary' can give one");
        if (body is null)
            return new(MsgType, "message-type", $"a MsgType (35) that the dictionary has, not '{type}'");
        _name = _version.MessageName(type) ?? type;
        _seen.Clear();
        foreach (var token in cut.Tokens)
            _seen.Add(token.Tag);
        return Order(cut.Tokens, body) ?? Required(message, cut.Tokens, body, type);
    }

    /// <summary>Header, body and trailer stand in this order.</summary>
    FixFault? Order(ReadOnlySpan<FixToken> tokens, FixMembers body)
    {
        var part = 0;
        for (var at = 0; at < tokens.Length;)
        {
            var tag = tokens[at].Tag;
            var member = _version.Header.Find(tag);
            var isOf = member is not null ? 0 : (member = _version.Trailer.Find(tag)) is not null ? 2 : 1;
            if (isOf < part)
                return new(tag, "tag-order", $"{Label(tag)} before the fields of the message's {(part == 1 ? "body" : "trailer")}");
            part = isOf;
            member ??= body.Find(tag);
            at++;
            if (member?.Entries is { } entries)
                Skip(tokens, ref at, entries);
        }

        return null;
    }

    static void Skip(ReadOnlySpan<FixToken> tokens, ref int at, FixMembers entries)
    {
        while (at < tokens.Length && entries.Find(tokens[at].Tag) is { } member)
        {
            at++;
            if (member.Entries is { } inner)
                Skip(tokens, ref at, inner);
        }
    }

    /// <summary>The first field that is wrong; null where none is. After <see cref="Check"/>, and when the counts of groups are known to be right.</summary>
    public FixFault? CheckFields(ReadOnlySpan<byte> message, FixMessageCutter cut, FixMembers body)
    {
        var tokens = cut.Tokens;
        _seen.Clear();
        for (var at = 0; at < tokens.Length;)
        {
            var token = tokens[at];
            var member = _version.Header.Find(token.Tag) ?? _version.Trailer.Find(token.Tag) ?? body.Find(token.Tag);
            if (!_seen.Add(token.Tag))
                return new(token.Tag, "repeated-tag", $"{Label(token.Tag)} once in the message");
            if (Field(message, token, member) is { } fault)
                return fault;
            at++;
            if (member?.Entries is { } entries && Entries(message, tokens, ref at, entries) is { } inside)
                return inside;
        }

        return null;
    }

    FixFault? Entries(ReadOnlySpan<byte> message, ReadOnlySpan<FixToken> tokens, ref int at, FixMembers members)
    {
        var first = at < tokens.Length ? tokens[at].Tag : 0;
        var seen = new HashSet<int>();
        while (at < tokens.Length && members.Find(tokens[at].Tag) is { } member)
        {
            if (tokens[at].Tag == first && seen.Count > 0)
            {
                if (Missing(members, seen) is { } missing)
                    return missing;
                seen.Clear();
            }

            seen.Add(tokens[at].Tag);
            if (Field(message, tokens[at], member) is { } fault)
                return fault;
            at++;
            if (member.Entries is { } entries && Entries(message, tokens, ref at, entries) is { } inside)
                return inside;
        }

        return seen.Count > 0 ? Missing(members, seen) : null;
    }

    FixFault? Field(ReadOnlySpan<byte> message, FixToken token, FixMember? member)
    {
        var value = token.Of(message);
        if (value.IsEmpty)
            return new(token.Tag, "empty-value", $"a value in {Label(token.Tag)}");
        if (_version.Field(token.Tag) is not { } field)
            return token.Tag >= FirstUserDefined ? null : new(token.Tag, "unknown-tag", $"a number of a field that the dictionary has, not {token.Tag}");
        if (member is null)
            return new(token.Tag, "tag-not-in-message", $"no {Label(token.Tag)} in {_name}");
        if (!FixFormats.Fits(field, value, _version.HasLongChars))
            return new(token.Tag, "data-format", $"a value of type {field.Type} in {Label(token.Tag)}, not '{Show(value)}'");
        return IsAllowed(field, value) ? null : new(token.Tag, "value", $"one of {string.Join(", ", field.Values.Keys.Order(StringComparer.Ordinal).Take(20))} in {Label(token.Tag)}, not '{Show(value)}'");
    }

    static string Show(ReadOnlySpan<byte> value) => Pipeline.CellText.Cut(value, 60);

    static bool IsAllowed(FixField field, ReadOnlySpan<byte> value)
    {
        if (field.Values.Count == 0 || field.Kind == FixKind.Flag)
            return true;
        var text = System.Text.Encoding.UTF8.GetString(value);
        return field.Values.ContainsKey(text) || (field.IsMultiple && text.Split(' ').All(field.Values.ContainsKey));
    }

    FixFault? Required(ReadOnlySpan<byte> message, ReadOnlySpan<FixToken> tokens, FixMembers body, string type)
    {
        if ((Missing(_version.Header, _seen) ?? Missing(body, _seen) ?? Missing(_version.Trailer, _seen)) is { } fault)
            return fault;
        // A resent message says when it was sent first; the gap fill of a resend is none.
        var isResent = type != "4" && !_seen.Contains(OrigSendingTime) && _seen.Contains(PossDupFlag) && ValueOf(message, tokens, PossDupFlag).SequenceEqual("Y"u8);
        return isResent ? new(OrigSendingTime, "required-tag", $"{Label(OrigSendingTime)} where PossDupFlag (43) is Y") : null;
    }

    static ReadOnlySpan<byte> ValueOf(ReadOnlySpan<byte> message, ReadOnlySpan<FixToken> tokens, int tag)
    {
        foreach (var token in tokens)
        {
            if (token.Tag == tag)
                return token.Of(message);
        }

        return default;
    }

    FixFault? Missing(FixMembers members, HashSet<int> seen)
    {
        foreach (var tag in members.Required)
        {
            if (!seen.Contains(tag))
                return new(tag, "required-tag", $"{Label(tag)}, which {_name} must have");
        }

        return null;
    }

    string Label(int tag) => _version.Field(tag) is { } field ? $"{field.Name} ({tag})" : $"field {tag}";
}
