using System.Text;

namespace DataIngestion.Conversion.Values;

/// <summary>What may stand beside a number: a currency's sign or code, a percent sign, basis points.</summary>
/// <param name="Name">As it is written; at most eight bytes of UTF-8.</param>
/// <param name="Shift">Digits by which it moves the point to the left: 2 for percent.</param>
/// <param name="IsCode">Whether a space must stand between it and the number, as <c>EUR100</c> could be anything.</param>
internal sealed record NumberAffix(string Name, int Shift, bool IsCode)
{
    public static NumberAffix None { get; } = new("", 0, false);

    public static NumberAffix Percent { get; } = new("%", 2, false);

    const string Signs =
        "$ US$ A$ AU$ C$ CA$ HK$ NZ$ S$ R$ NT$ MX$ € £ ¥ 元 円 ₹ ₽ ₩ ₺ ₪ ₫ ฿ ₴ ₦ ₱ ₲ ₡ ₵ ₸ ₼ ₾ ₿ zł kr kr. Kč Ft Fr Fr. Rs Rs. lei";

    /// <summary>ISO 4217, current codes; and GBX and GBp for pence.</summary>
    const string Codes =
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNH CNY COP CRC CUP CVE CZK "
        + "DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GBX GBp GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR "
        + "KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK "
        + "PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU "
        + "UZS VED VES VND VUV WST XAF XAG XAU XCD XOF XPD XPF XPT YER ZAR ZMW ZWG";

    static readonly Dictionary<ulong, NumberAffix> ByText = Build();

    static Dictionary<ulong, NumberAffix> Build()
    {
        NumberAffix[] scales = [Percent, new("‰", 3, false), new("bp", 4, false), new("bps", 4, false)];
        return scales.Concat(Signs.Split(' ').Select(s => new NumberAffix(s, 0, false))).Concat(Codes.Split(' ').Select(c => new NumberAffix(c, 0, true)))
            .ToDictionary(a => Key(Encoding.UTF8.GetBytes(a.Name)));
    }

    static ulong Key(ReadOnlySpan<byte> text)
    {
        var key = 0UL;
        foreach (var b in text)
            key = (key << 8) | b;
        return key;
    }

    /// <summary>The affix of a text, or null.</summary>
    public static NumberAffix? Find(ReadOnlySpan<byte> text) => text.Length is > 0 and <= 8 ? ByText.GetValueOrDefault(Key(text)) : null;
}
