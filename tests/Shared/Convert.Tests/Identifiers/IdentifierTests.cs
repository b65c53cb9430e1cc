using System.Text;
using CsCheck;

namespace DataIngestion.Conversion.Tests.Identifiers;

/// <summary>Identifiers that are in use, and what becomes of them when a character is wrong.</summary>
public sealed class IdentifierTests
{
    /// <summary>By kind, identifiers of real instruments, entities, banks and markets.</summary>
    public static TheoryData<IdentifierKind, string> Real => new()
    {
        { IdentifierKind.Isin, "US0378331005" },
        { IdentifierKind.Isin, "DE000BAY0017" },
        { IdentifierKind.Isin, "GB0002634946" },
        { IdentifierKind.Isin, "XS1002121454" },
        { IdentifierKind.Isin, "AU0000XVGZA3" },
        { IdentifierKind.Cusip, "037833100" },
        { IdentifierKind.Cusip, "594918104" },
        { IdentifierKind.Cusip, "38259P508" },
        { IdentifierKind.Cusip, "G0177J108" },
        { IdentifierKind.Sedol, "0263494" },
        { IdentifierKind.Sedol, "B0YBKJ7" },
        { IdentifierKind.Sedol, "2046251" },
        { IdentifierKind.Figi, "BBG000BLNNH6" },
        { IdentifierKind.Figi, "BBG000B9XRY4" },
        { IdentifierKind.Lei, "HWUPKR0MPOU8FGXBT394" },
        { IdentifierKind.Lei, "5493006MHB84DD0ZWV18" },
        { IdentifierKind.Lei, "INR2EJN1ERAN0W5ZP974" },
        { IdentifierKind.Lei, "969500HMVSZ0TCV65D58" },
        { IdentifierKind.Bic, "DEUTDEFF" },
        { IdentifierKind.Bic, "CHASUS33XXX" },
        { IdentifierKind.Iban, "GB82WEST12345698765432" },
        { IdentifierKind.Iban, "GB82 WEST 1234 5698 7654 32" },
        { IdentifierKind.Iban, "DE89370400440532013000" },
        { IdentifierKind.Iban, "MT84MALT011000012345MTLCAST001S" },
        { IdentifierKind.Iban, "NO9386011117947" },
        { IdentifierKind.Mic, "XNYS" },
        { IdentifierKind.Mic, "XETR" },
        { IdentifierKind.Mic, "BATS" },
        { IdentifierKind.Currency, "USD" },
        { IdentifierKind.Currency, "XAU" },
        { IdentifierKind.Currency, "DEM" },
    };

    [Theory]
    [MemberData(nameof(Real))]
    public void An_identifier_in_use_is_valid(IdentifierKind kind, string text) => Assert.True(Identifier.IsValid(kind, Encoding.ASCII.GetBytes(text)));

    [Theory]
    [MemberData(nameof(Real))]
    public void A_wrong_digit_is_found_by_the_check_digits(IdentifierKind kind, string text)
    {
        if (kind is IdentifierKind.Bic or IdentifierKind.Mic or IdentifierKind.Currency)
            return;
        for (var i = 0; i < text.Length; i++)
        {
            for (var digit = '0'; digit <= '9' && char.IsDigit(text[i]); digit++)
            {
                var changed = Encoding.ASCII.GetBytes(text);
                changed[i] = (byte)digit;
                Assert.Equal(digit == text[i], Identifier.IsValid(kind, changed));
            }
        }
    }

    [Theory]
    [InlineData(IdentifierKind.Isin, "ZZ0378331005")]
    [InlineData(IdentifierKind.Isin, "us0378331005")]
    [InlineData(IdentifierKind.Isin, "US037833100")]
    [InlineData(IdentifierKind.Isin, "")]
    [InlineData(IdentifierKind.Sedol, "A263494")]
    [InlineData(IdentifierKind.Figi, "GBG000BLNNH6")]
    [InlineData(IdentifierKind.Iban, "GB82  WEST12345698765432")]
    [InlineData(IdentifierKind.Iban, "GB82WEST1234569876543")]
    [InlineData(IdentifierKind.Bic, "DEUTZZFF")]
    [InlineData(IdentifierKind.Bic, "DEUTDEF")]
    [InlineData(IdentifierKind.Mic, "ZZZZ")]
    [InlineData(IdentifierKind.Currency, "ABC")]
    [InlineData(IdentifierKind.Currency, "usd")]
    public void What_is_no_identifier_is_none(IdentifierKind kind, string text) => Assert.False(Identifier.IsValid(kind, Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Any_bytes_are_answered() =>
        Gen.Select(Gen.Int[0, 8], Gen.Byte.Array[0, 40]).Sample((kind, bytes) =>
        {
            _ = Identifier.IsValid((IdentifierKind)kind, bytes);
        });

    [Fact]
    public void A_number_made_with_its_check_digit_is_valid() =>
        Gen.String[Gen.Char["0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"], 9, 9].Sample(body =>
        {
            var valid = Enumerable.Range(0, 10).Count(digit => Identifier.IsValid(IdentifierKind.Isin, Encoding.ASCII.GetBytes($"FR{body}{digit}")));
            Assert.Equal(1, valid);
        });

    [Fact]
    public void Names_are_those_of_schemas()
    {
        Assert.Equal(["isin", "cusip", "sedol", "figi", "lei", "bic", "iban", "mic", "currency"], Identifier.Kinds.Select(Identifier.NameOf));
        Assert.All(Identifier.Kinds, k => Assert.Equal(k, Identifier.KindOf(Identifier.NameOf(k))));
        Assert.Null(Identifier.KindOf("ISIN"));
        Assert.Equal(Enum.GetNames<Contracts.IdentifierType>(), Enum.GetNames<IdentifierKind>());
    }
}
