using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Writing;

namespace DataIngestion.Conversion.Bson;

/// <summary>IEEE 754-2008 decimal128 with a binary coefficient, as BSON stores it: exact digits, those at the end too.</summary>
internal static class Decimal128
{
    const int Bias = 6176;
    const int MaxDigits = 34;

    static readonly UInt128 Most = Power(MaxDigits) - 1;

    public static void Write(UInt128 bits, Utf8Buffer to)
    {
        var isNegative = bits >> 127 == 1;
        var combination = (int)(bits >> 122) & 0x1F;
        if (combination >= 0x1E)
        {
            JsonValue.Text(combination == 0x1F ? "NaN" : isNegative ? "-Infinity" : "Infinity", to);
            return;
        }

        // Coefficients of the other form are beyond 34 digits, which is zero by the standard.
        var isLarge = combination >> 3 == 3;
        var exponent = (int)(isLarge ? bits >> 111 : bits >> 113) & 0x3FFF;
        var coefficient = isLarge ? 0 : bits & ((UInt128.One << 113) - 1);
        if (coefficient > Most)
            coefficient = 0;
        if (isNegative)
            to.Write((byte)'-');
        JsonValue.Decimal(coefficient.ToString(System.Globalization.CultureInfo.InvariantCulture), exponent - Bias, to);
    }

    static UInt128 Power(int exponent)
    {
        var power = UInt128.One;
        for (var i = 0; i < exponent; i++)
            power *= 10;
        return power;
    }
}
