using System.Text;

namespace DataIngestion.Conversion.Tests.Recognition;

/// <summary>Texts without marks: what the classifier says and the format's rules confirm.</summary>
public sealed class TextClassTests
{
    [Theory]
    [InlineData("name: prices\nversion: 3\nsources:\n  - id: a\n    url: https://a.example\n  - id: b\n    url: https://b.example\nlimits:\n  rows: 100\n", "yaml")]
    [InlineData("[package]\nname = \"feed\"\nversion = \"0.1.0\"\n\n[dependencies]\nserde = { version = \"1\", features = [\"derive\"] }\nrand = \"0.8\"\n", "toml")]
    [InlineData("; settings\n[database]\nhost=localhost\nport=5432\nuser=reader\n\n[paths]\ndata=/srv/data\n", "ini")]
    [InlineData("# Feeds\n\nHow to read them.\n\n## Install\n\n```bash\npip install feeds\n```\n\n- one [link](https://a.example)\n- two\n", "markdown")]
    [InlineData("\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\nHello $x^2$.\n\\end{document}\n", "latex")]
    [InlineData("CREATE TABLE trades (\n  id INTEGER PRIMARY KEY,\n  price DECIMAL(18,4) NOT NULL\n);\nINSERT INTO trades (id, price) VALUES (1, 2.5);\n", "sql")]
    [InlineData("2024-01-02 09:30:00,123 INFO [main] com.example.Feed - started\n2024-01-02 09:30:01,456 WARN [main] com.example.Feed - slow reply\n2024-01-02 09:30:02,001 ERROR [io] com.example.Feed - gave up\n", "log")]
    [InlineData("10.0.0.1 - - [02/Jan/2024:09:30:00 +0000] \"GET /prices HTTP/1.1\" 200 512\n10.0.0.2 - - [02/Jan/2024:09:30:01 +0000] \"GET /x HTTP/1.1\" 404 0\n", "log")]
    [InlineData("AAPL      Apple Inc           192.5300   2024-01-02\nMSFT      Microsoft Corp      370.8700   2024-01-02\nIBM       Intl Business M     161.5000   2024-01-02\nKO        Coca Cola            59.8200   2024-01-02\n", "fixed-width")]
    [InlineData("--- a/x\n@@ -1,3 +1,3 @@\n same\n-old words\n+new words\n same\n", "diff")]
    [InlineData("a remark before\n@@ -10,2 +10,3 @@ void f()\n same\n+new\n same\n-old\n same\n", "diff")]
    [InlineData("Words before @@ -1 +1 @@ in a sentence.\nAnd more words, which end.\nNothing else is here to see.\n", "text")]
    [InlineData("a line that was left\n2\n00:00:05,500 --> 00:00:08,000\nWords are spoken.\n", "srt")]
    [InlineData("This is a letter about nothing much, and it goes on for a while. It has sentences, which end.\n\nAnd paragraphs too.\n", "text")]
    [InlineData("import os\nfrom typing import List\n\ndef read(path):\n    \"\"\"Reads it.\"\"\"\n    for line in open(path):\n        if line == 'x':\n            print(line)\n    return None\n", "python")]
    [InlineData("Surname,FamilyName\nHomer,Simpson\nMarge,Simpson\nBart,Simpson\n", "csv")]
    [InlineData("date;close\n02.01.2024;1,5\n03.01.2024;1,6\n", "csv")]
    [InlineData("From: a@x.example\nTo: b@x.example\nSubject: prices\nDate: Tue, 2 Jan 2024 09:30:00 +0000\n\nHello\n", "eml")]
    [InlineData("1\n00:00:00,000 --> 00:00:02,000\nHello\n", "srt")]
    public void Texts_are_told_by_how_they_are_written(string text, string format)
    {
        foreach (var ends in (string[])[text, text.Replace("\n", "\r\n", StringComparison.Ordinal), text.TrimEnd()])
            Assert.Equal(format, new FormatRecognizer().Recognize(Encoding.UTF8.GetBytes(ends), null).Format);
    }

    [Fact]
    public void Mutated_texts_never_throw_and_never_take_long()
    {
        string[] seeds =
        [
            "name: x\nlist:\n  - a: 1\n    b: [1, 2]\n", "[a]\nb = \"c\"\n", "<a b=\"c\"><!-- d --><e/></a>", "<!-- a --><!-- b -->\n# c\n", "8=FIX.4.2\u00019=65\u000135=A\u0001", "{1:F01A}{2:I103B}{4:\n:20:x\n", "UNA:+.? 'UNB+UNOC:3'UNH+1+A:B:C'",
            "From: a\nTo: b\nSubject: c\n\nd", "{\"a\": [1, {\"b\": null}]}", "a,b\n1,2\n3,4\n", "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240102*1200*U*00401*000000001*0*P*>~", "body { color: #fff; margin: 0 }\np { a: b }",
        ];
        var random = new Random(11);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(seeds[i % seeds.Length]);
            for (var changes = random.Next(0, 6); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Assert.NotNull(new FormatRecognizer().Recognize(bytes.AsSpan(0, random.Next(bytes.Length + 1)), null));
        }

        Assert.NotNull(new FormatRecognizer().Recognize(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<!-- -->", 30_000))), null));
    }
}
