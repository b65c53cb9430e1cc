namespace DataIngestion.Conversion.Tests.Values.Kernels;

/// <summary>Seeded texts that are numbers or times, nearly are, or only look so.</summary>
internal static class AdversarialTexts
{
    public static IEnumerable<string> Numbers(int count, int seed, int mostDigits)
    {
        string[] fixedTexts =
        [
            "", " ", ".", "-", "+", "-.", "+.", "-0", "+0", "0", "00", "007", "-007", "0.", ".0", "-.5", "+.5", "5.", "-5.", "0.0", "00.5", "1..2", "1.2.3", "--1", "+-1", "1-", "1 2", " 1", "1 ", "\t1", "1\r",
            "/", ":", "1/", "1:", "/1", ":1", "٣", "1e5", "1E5", "1e", "e1", "1e+", "1e-3", "1.5e300", "1e309", "1e-400", "-1e22", "1e23", "123456789e-22", "0x10", "1_000", "1,5", "NaN", "nan", "Infinity", "-∞",
            "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "9999999999999999999", "127", "128", "-128", "-129", "32767", "32768", "-32768", "-32769",
            "2147483647", "2147483648", "-2147483648", "-2147483649", "999999999999999999", "1000000000000000000", "99999999999999.9999", "100000000000000.0000", "9007199254740992", "9007199254740993", "0.1", "0.30000000000000004",
            "99999999999999999999999999999999999999", "100000000000000000000000000000000000000", "-9999999999999999999999999999999999.9999", "0000000000000000000000000000000000000001",
        ];
        foreach (var text in fixedTexts)
            yield return text;
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
            yield return Damaged(Number(random, mostDigits), random, "0123456789.-+eE /:");
    }

    static string Number(Random random, int mostDigits)
    {
        var (whole, fraction) = (random.Next(0, mostDigits), random.Next(3) == 0 ? 0 : random.Next(0, 1 + random.Next(8)));
        var sign = random.Next(4) switch { 0 => "-", 1 when random.Next(4) == 0 => "+", _ => "" };
        var text = sign + Random(random, whole) + (fraction > 0 || random.Next(10) == 0 ? "." : "") + Random(random, fraction);
        return random.Next(12) == 0 ? $"{text}e{random.Next(-30, 30)}" : text;
    }

    public static string Random(Random random, int digits)
    {
        Span<char> text = stackalloc char[digits];
        for (var i = 0; i < digits; i++)
            text[i] = (char)('0' + random.Next(10));
        return digits > 0 && random.Next(3) > 0 ? text.TrimStart('0').ToString() : text.ToString();
    }

    public static IEnumerable<string> Times(int count, int seed)
    {
        string[] fixedTexts =
        [
            "", "2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "0000-01-01", "0001-01-01", "9999-12-31", "2024-00-10", "2024-13-10", "2024-04-31", "2024-01-00", "2024-1-1", "2024/01/01", "20240101",
            "24:00", "23:59:60", "23:60:00", "00:00", "0:00", "9:30", "9:30:00.5", "12:30:", "12:30:1", "12:30:01.", "12:30:01.1234567890", "12:30:01,5", "12-30-01",
            "2024-01-01T24:00", "2024-01-01T23:59:59.999999999", "2024-01-01 23:59:59.999999", "2024-01-01t00:00", "2024-01-01_00:00", "2024-01-01T00:00Z", "2024-01-01T00:00z", "2024-01-01T00:00:00.1Z",
            "2024-01-01T00:00:00+01:00", "2024-01-01T00:00:00 +0100", "2024-01-01T00:00:00-18", "2024-01-01T00:00:00+19:00", "2024-01-01T00:00:00.123456789+05:30", "2024-01-01T9:30:00", "2024-01-01T9:30:00Z", "2024-01-01T00:00:00.Z",
            "1677-09-21T00:12:43.145224193", "1677-12-31T00:00", "1678-01-01T00:00", "2261-12-31T23:59:59.999999999", "2262-01-01T00:00", "2262-04-11T23:47:16.854775807", "2262-04-11T23:47:16.854775808", "9999-12-31T23:59:59.999999", "2024-02-30T00:00", "2024-01-01T00:00:00.0000000",
            "2024-01-01T00:00:00.1234560", "2024-01-01T00:00:00.1230000", "2024-01-01T00:00:00ZZ", "２０24-01-01",
        ];
        foreach (var text in fixedTexts)
            yield return text;
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
            yield return Damaged(Time(random), random, "0123456789.-+:TZ ,/");
    }

    static string Time(Random random)
    {
        var date = $"{random.Next(5) switch { 0 => random.Next(1, 10_000), _ => random.Next(1990, 2030) }:0000}-{random.Next(1, 13):00}-{random.Next(1, 32):00}";
        var time = $"{random.Next(0, 25):00}:{random.Next(0, 61):00}";
        if (random.Next(5) > 0)
            time += $":{random.Next(0, 61):00}";
        if (random.Next(2) == 0)
            time += "." + Random(random, random.Next(0, 11));
        var zone = random.Next(6) switch { 0 or 1 => "Z", 2 => $"+{random.Next(0, 20):00}:{random.Next(0, 61):00}", 3 => $"-{random.Next(0, 20):00}{random.Next(0, 61):00}", _ => "" };
        return random.Next(8) switch { 0 => date, 1 => time, _ => date + "T  t"[random.Next(4)] + time + zone };
    }

    static string Damaged(string text, Random random, string letters)
    {
        if (random.Next(3) > 0)
            return text;
        var at = random.Next(text.Length + 1);
        return random.Next(4) switch
        {
            0 when at < text.Length => text.Remove(at, 1),
            1 when at < text.Length => text.Remove(at, 1).Insert(at, ((char)random.Next(1, 128)).ToString()),
            2 => text.Insert(at, letters[random.Next(letters.Length)].ToString()),
            _ => " " + text,
        };
    }
}
