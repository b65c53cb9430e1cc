using System.Collections.Frozen;
using System.Text;

namespace DataIngestion.Conversion.Identifiers;

/// <summary>The codes that identifiers are made of.</summary>
internal static class CodeLists
{
    /// <summary>ISO 3166-1 alpha-2, and XK for Kosovo, which banks use.</summary>
    const string CountryCodes =
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ " +
        "DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO " +
        "JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU " +
        "NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW " +
        "TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

    /// <summary>Prefixes of ISINs that are no country's (ANNA, ISIN Uniform Guidelines): international, substitute and derivatives' numbers.</summary>
    const string OtherPrefixes = "EU EZ XA XB XC XD XF XS XT AN CS DD SU YU QS QT QW QY";

    /// <summary>ISO 4217 list one, and of list three those that prices of the last decades are in.</summary>
    const string CurrencyCodes =
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP " +
        "DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD " +
        "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS " +
        "SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS " +
        "XUA XXX YER ZAR ZMW ZWG ZWL " +
        "ATS AZM BEF BYR CSK CYP DEM EEK ESP FIM FRF GHC GRD IEP ITL LTL LUF LVL MRO MTL MXP NLG PLZ PTE ROL RUR SIT SKK STD TRL UAK VEB VEF XEU ZMK ZWD";

    static readonly FrozenSet<int> Countries = Keys(CountryCodes);
    static readonly FrozenSet<int> Prefixes = Keys(CountryCodes + " " + OtherPrefixes);
    static readonly FrozenSet<int> Currencies = Keys(CurrencyCodes);
    static readonly Lazy<FrozenSet<int>> Markets = new(ReadMarkets);

    public static bool IsCountry(ReadOnlySpan<byte> code) => code.Length == 2 && Countries.Contains(Key(code));

    public static bool IsIsinPrefix(ReadOnlySpan<byte> code) => code.Length == 2 && Prefixes.Contains(Key(code));

    public static bool IsCurrency(ReadOnlySpan<byte> code) => code.Length == 3 && Currencies.Contains(Key(code));

    public static bool IsMarket(ReadOnlySpan<byte> code) => code.Length == 4 && Markets.Value.Contains(Key(code));

    static int Key(ReadOnlySpan<byte> code)
    {
        var key = 0;
        foreach (var c in code)
            key = key << 8 | c;
        return key;
    }

    static FrozenSet<int> Keys(string codes) => codes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => Key(Encoding.ASCII.GetBytes(c))).ToFrozenSet();

    static FrozenSet<int> ReadMarkets()
    {
        using var stream = typeof(CodeLists).Assembly.GetManifestResourceStream("mics.txt") ?? throw new InvalidOperationException("The list of market identifier codes is missing from the assembly.");
        using var reader = new StreamReader(stream);
        var codes = reader.ReadToEnd();
        return Keys(codes[codes.IndexOf('\n', StringComparison.Ordinal)..].Replace('\n', ' '));
    }
}
