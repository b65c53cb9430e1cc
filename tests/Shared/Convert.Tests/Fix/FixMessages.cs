using System.Text;

namespace DataIngestion.Conversion.Tests.Fix;

/// <summary>Writes FIX messages.</summary>
internal static class FixMessages
{
    /// <summary>A message with its length and checksum.</summary>
    /// <param name="body">From MsgType on, with '|' for SOH, without the last one.</param>
    public static string Of(string version, string body)
    {
        var text = body.Replace('|', '\u0001') + "\u0001";
        var head = $"8={version}\u00019={Encoding.Latin1.GetByteCount(text)}\u0001{text}";
        return $"{head}10={Encoding.Latin1.GetBytes(head).Sum(b => b) % 256:000}\u0001";
    }

    public static string Order(int number, string price = "187.44") =>
        Of("FIX.4.4", $"35=D|49=BUYER|56=SELLER|34={number}|52=20241231-15:30:00.123|11=000{number}|1=0042|55=IBM|54=1|60=20241231-15:30:00|38=00{100 * number}|40=2|44={price}|432=20250102");

    public static string Snapshot(int number) =>
        Of("FIX.4.4", $"35=W|49=A|56=B|34={number}|52=20241231-15:30:00|55=EUR/USD|268=2|269=0|270=1.0810|271=1000000|269=1|270=1.0812|271=500000");

    /// <summary>Messages of several types, one a line.</summary>
    public static string Log(int messages, Func<string, string>? write = null) =>
        string.Concat(Enumerable.Range(1, messages).Select(i => (write ?? (m => m))(i % 3 == 0 ? Snapshot(i) : Order(i)) + "\n"));
}
