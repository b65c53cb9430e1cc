using System.Text;

namespace DataIngestion.Conversion.Tests.Pipeline;

/// <summary>Seeded lines of JSON that are mostly regular and sometimes everything else.</summary>
internal static class RandomLines
{
    static readonly string[] Anything =
        ["null", "\"NA\"", "\"\"", "007", "1e5", "\"x\"", "{\"deep\":1}", "[1,2]", "9.99999", "99999999999999999999", "true", "\"2024-01-02\"", "\"\\u00e9\\n\""];

    /// <param name="oddity">Chance in a thousand that a value or line is not what the others promise.</param>
    public static byte[] Create(int seed, int lines, int oddity)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var line = 0; line < lines; line++)
        {
            // What is odd comes late, so that the first lines foresee it less often.
            var chance = line < lines / 4 ? oddity / 4 : oddity;
            string Value(string usual) => random.Next(1000) < chance ? random.GetItems(Anything, 1)[0] : usual;
            text.Append("{\"c0\":").Append(Value($"{random.Next(1000)}"))
                .Append(",\"c1\":").Append(Value($"\"T{random.Next(9)}\""))
                .Append(",\"c2\":").Append(Value($"{random.Next(1000)}.{random.Next(10, 100)}"));
            if (random.Next(1000) < chance)
                text.Append(",\"new").Append(random.Next(3)).Append("\":").Append(Value("1"));
            text.Append(random.Next(1000) < chance ? "" : "}").Append(random.Next(1000) < chance ? "\r\n\n" : "\n");
        }

        return Encoding.UTF8.GetBytes(random.Next(3) == 0 ? text.ToString().TrimEnd('\n') : text.ToString());
    }
}
