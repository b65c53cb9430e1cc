using System.Collections.Frozen;

namespace DataIngestion.Conversion.Sas;

/// <summary>Encodings by the number that a SAS7BDAT file gives (the values of SAS's option ENCODING, as found by ReadStat and Parso).</summary>
internal static class SasEncodings
{
    /// <summary>What is taken where the file says nothing: SAS's default on Windows, which holds that on Unix.</summary>
    public const string Default = "windows-1252";

    static readonly FrozenDictionary<int, string> ByNumber = new Dictionary<int, string>
    {
        [0] = Default,
        [20] = "utf-8",
        [28] = "us-ascii",
        [29] = "iso-8859-1",
        [30] = "iso-8859-2",
        [31] = "iso-8859-3",
        [32] = "iso-8859-4",
        [33] = "iso-8859-5",
        [34] = "iso-8859-6",
        [35] = "iso-8859-7",
        [36] = "iso-8859-8",
        [37] = "iso-8859-9",
        [39] = "windows-874",
        [40] = "iso-8859-15",
        [41] = "ibm437",
        [42] = "ibm850",
        [43] = "ibm852",
        [44] = "ibm857",
        [45] = "ibm00858",
        [46] = "dos-862",
        [47] = "ibm864",
        [48] = "ibm865",
        [49] = "cp866",
        [50] = "ibm869",
        [51] = "windows-874",
        [54] = "windows-1258",
        [55] = "dos-720",
        [56] = "ibm737",
        [57] = "ibm775",
        [58] = "ibm860",
        [59] = "ibm863",
        [60] = "windows-1250",
        [61] = "windows-1251",
        [62] = "windows-1252",
        [63] = "windows-1253",
        [64] = "windows-1254",
        [65] = "windows-1255",
        [66] = "windows-1256",
        [67] = "windows-1257",
        [68] = "windows-1258",
        [69] = "macintosh",
        [70] = "x-mac-arabic",
        [71] = "x-mac-hebrew",
        [72] = "x-mac-greek",
        [73] = "x-mac-thai",
        [75] = "x-mac-turkish",
        [76] = "x-mac-ukrainian",
        [118] = "big5",
        [123] = "big5",
        [125] = "gb18030",
        [126] = "gb2312",
        [128] = "gb2312",
        [134] = "euc-jp",
        [136] = "iso-2022-jp",
        [137] = "shift_jis",
        [138] = "shift_jis",
        [140] = "euc-kr",
        [141] = "ks_c_5601-1987",
        [142] = "ks_c_5601-1987",
        [163] = "x-mac-icelandic",
        [167] = "iso-2022-jp",
        [168] = "iso-2022-kr",
        [204] = Default,
        [205] = "gb18030",
        [242] = "iso-8859-13",
        [245] = "x-mac-croatian",
        [246] = "x-mac-cyrillic",
        [247] = "x-mac-romanian",
        [248] = "shift_jis",
    }.ToFrozenDictionary();

    /// <exception cref="NotSupportedException">The number is not known, or is of an encoding of mainframes.</exception>
    public static string Of(int number) => ByNumber.GetValueOrDefault(number)
        ?? throw new NotSupportedException($"The SAS file has texts in the encoding number {number}, which is not known here: name it by 'encoding'.");
}
