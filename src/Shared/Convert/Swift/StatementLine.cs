using System.Globalization;
using System.Text.RegularExpressions;

namespace DataIngestion.Conversion.Swift;

/// <summary>
/// A statement line, field 61: <c>6!n[4!n]2a[1!a]15d1!a3!c16x[//16x][34x]</c> (SWIFT Standards MT, category 9). Banks write blanks for an entry date that is missing and longer references.
/// </summary>
/// <param name="Mark">C credit, D debit, RC reversal of a credit, RD reversal of a debit, EC and ED expected ones.</param>
/// <param name="Amount">As it changes the balance: negative for D, RC and ED.</param>
/// <param name="Type">N and a code, S and the number of a message, F for a first advice.</param>
/// <param name="HasMovedDay">Whether a date was 30 February.</param>
internal sealed partial record StatementLine(
    DateOnly ValueDate, DateOnly? EntryDate, string Mark, string? FundsCode, SwiftAmount Amount, string Type, string CustomerReference, string? BankReference, string? Supplementary, bool HasMovedDay)
{
    const int ReferenceLength = 16;

    /// <summary>The line of a field; null for a text that is none.</summary>
    public static StatementLine? Parse(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var first = end < 0 ? text : text[..end];
        if (Form().Match(first) is not { Success: true } match || SwiftDates.Day(match.Groups["value"].ValueSpan) is not { } value || SwiftAmount.Parse(match.Groups["amount"].ValueSpan) is not { } amount)
            return null;
        SwiftDay? entry = null;
        if (match.Groups["entry"].Value.Trim() is { Length: > 0 } said && (entry = SwiftDates.Near(said, value.Date)) is null)
            return null;
        var mark = match.Groups["mark"].Value;
        var (customer, bank, rest) = References(match.Groups["rest"].Value);
        var supplementary = string.Join('\n', new[] { rest, end < 0 ? null : text[(end + 1)..] }.Where(t => !string.IsNullOrWhiteSpace(t)));
        return new(
            value.Date, entry?.Date, mark, match.Groups["funds"] is { Success: true } funds ? funds.Value : null, mark is "D" or "RC" or "ED" ? amount.Negate() : amount,
            match.Groups["type"].Value, customer, bank, supplementary.Length > 0 ? supplementary : null, value.IsMoved || entry?.IsMoved == true);
    }

    /// <summary>The account owner's reference, the bank's, and what follows in the line.</summary>
    static (string Customer, string? Bank, string? Behind) References(string text)
    {
        var slashes = text.IndexOf("//", StringComparison.Ordinal);
        var customer = slashes < 0 ? text : text[..slashes];
        var bank = slashes < 0 ? null : text[(slashes + 2)..];
        string? rest = null;
        // A reference that fills its 16 characters with blanks is followed by text; one that goes on without a blank is longer than the standard allows.
        if (bank is null && customer.Length > ReferenceLength)
        {
            var cut = customer[ReferenceLength - 1] == ' ' || customer.AsSpan(0, ReferenceLength).Contains(' ') ? ReferenceLength : customer.IndexOf(' ', StringComparison.Ordinal);
            if (cut > 0)
                (customer, rest) = (customer[..cut], customer[cut..].Trim());
        }

        if (bank?.IndexOf(' ', StringComparison.Ordinal) is >= ReferenceLength and var end)
            (bank, rest) = (bank[..end], bank[end..].Trim());
        return (customer.TrimEnd(), bank is { Length: > 0 } ? bank.TrimEnd() : null, rest);
    }

    [GeneratedRegex(@"^(?<value>[0-9]{6})(?<entry>[0-9]{4}|[ ]{1,4})?(?<mark>R[CD]|E[CD]|[CD])(?<funds>[A-Z])?(?<amount>[0-9]+,?[0-9]*)(?<type>[A-Z][A-Z0-9 ]{3})(?<rest>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();

    /// <summary>A date as columns have it.</summary>
    public static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
