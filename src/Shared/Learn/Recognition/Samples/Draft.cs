using System.Globalization;
using System.Text;

namespace DataIngestion.Learn.Recognition.Samples;

/// <summary>Draws what generated texts are made of. The same seed draws the same.</summary>
internal sealed class Draft(int seed)
{
    static readonly string[] Common =
        ("the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which you were her all she there would their we him been has when who will no more if out so said what up its about into than them can only other time "
        + "new some could these two may first then do any like my now over such our man me even most made after also did many before must through back years where much your way well down should because each just those people how too little state good very make world still own see men "
        + "work long here get both between life being under never day same another know while last might us great old year off come since against go came right used take three").Split(' ');

    static readonly string[] Latin =
        ("lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo consequat duis aute irure in reprehenderit voluptate velit esse cillum "
        + "fugiat nulla pariatur excepteur sint occaecat cupidatat non proident sunt culpa qui officia deserunt mollit anim id est laborum und der die das nicht mit für auf eine les des une dans pour que sur avec los las por con para una del").Split(' ');

    static readonly string[] Things =
        ("price volume symbol account order trade market index bond yield rate currency balance amount quantity client vendor invoice payment address city country status type code name value date time user group file path host port server database table column row record key item product "
        + "category customer position exchange open high low close adjusted dividend split maturity coupon rating sector region portfolio fund share class risk limit margin fee tax total net gross description comment title version author email phone id number count size weight height width color mode level "
        + "timeout retries cache session token message error warning result response request query filter sort page offset config option setting default enabled debug log output input source target format schema field").Split(' ');

    static readonly string[] Names = "Alice Bob Carol David Emma Frank Grace Henry Irene Jack Karin Lukas Maria Nina Oscar Paula Quentin Rosa Stefan Tomas Ursula Victor Wendy Xavier Yvonne Zoe".Split(' ');
    static readonly string[] Surnames = "Smith Jones Müller García Rossi Dubois Novak Kowalski Jansen Andersen O'Brien Tanaka Chen Singh Silva Martin Keller Weber Moreau Lind".Split(' ');
    static readonly string[] Tickers = "AAPL MSFT GOOG AMZN TSLA NVDA META NFLX JPM BAC XOM CVX IBM ORCL INTC CSCO PFE KO PEP WMT SAP SIE BMW VOD HSBA AZN".Split(' ');
    static readonly string[] Currencies = "USD EUR GBP JPY CHF CAD AUD SEK NOK DKK PLN CZK HUF".Split(' ');

    readonly Random _random = new(seed);

    public int Whole(int least, int most) => _random.Next(least, most + 1);

    public bool Chance(double share) => _random.NextDouble() < share;

    public T Pick<T>(params ReadOnlySpan<T> from) => from[_random.Next(from.Length)];

    public string Ticker() => Pick<string>(Tickers);

    public string Currency() => Pick<string>(Currencies);

    public string Name() => Pick<string>(Names);

    public string Person() => $"{Pick<string>(Names)} {Pick<string>(Surnames)}";

    public string Thing() => Pick<string>(Things);

    public string Word() => _random.Next(5) switch { 0 => Thing(), 1 => Pick<string>(Latin), _ => Pick<string>(Common) };

    /// <summary>A name of several things, as programs and tables write them.</summary>
    public string Identifier() => _random.Next(5) switch
    {
        0 => Thing(),
        1 => $"{Thing()}_{Thing()}",
        2 => Thing() + Capital(Thing()),
        3 => Capital(Thing()),
        _ => $"{Thing()}{Whole(1, 99)}",
    };

    public static string Capital(string word) => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..];

    public string Number() => _random.Next(6) switch
    {
        0 => Whole(0, 9).ToString(CultureInfo.InvariantCulture),
        1 => Whole(0, 100_000).ToString(CultureInfo.InvariantCulture),
        2 => (_random.NextDouble() * 1000).ToString("0.00", CultureInfo.InvariantCulture),
        3 => (_random.NextDouble() * 10 - 5).ToString("0.0000", CultureInfo.InvariantCulture),
        4 => "-" + (_random.NextDouble() * 100).ToString("0.0", CultureInfo.InvariantCulture),
        _ => (_random.NextDouble() * 1_000_000).ToString("0.##", CultureInfo.InvariantCulture),
    };

    public DateTime Moment() => new DateTime(1995, 1, 1).AddMinutes(_random.Next(0, 16_000_000));

    public string Date() => Moment().ToString(Pick("yyyy-MM-dd", "yyyy-MM-dd", "dd/MM/yyyy", "MM/dd/yyyy", "dd.MM.yyyy", "yyyyMMdd", "d MMM yyyy"), CultureInfo.InvariantCulture);

    public string Sentence(int least = 4, int most = 18)
    {
        var text = new StringBuilder(Capital(Word()));
        for (var words = Whole(least, most); words > 0; words--)
            text.Append(Chance(0.08) ? ", " : " ").Append(Chance(0.02) ? Capital(Word()) : Word());
        return text.Append(Pick(".", ".", ".", ".", "!", "?")).ToString();
    }

    public string Phrase(int least = 1, int most = 5) => string.Join(' ', Many(least, most, Word));

    public string Paragraph(int least = 1, int most = 6) => string.Join(' ', Many(least, most, () => Sentence()));

    /// <summary>Several of something.</summary>
    public string[] Many(int least, int most, Func<string> one)
    {
        var all = new string[Whole(least, most)];
        for (var i = 0; i < all.Length; i++)
            all[i] = one();
        return all;
    }

    public string Lines(int least, int most, Func<string> one) => string.Join('\n', Many(least, most, one)) + "\n";

    public string Digits(int count) => string.Concat(Many(count, count, () => Whole(0, 9).ToString(CultureInfo.InvariantCulture)));

    public string Letters(int count) => string.Concat(Many(count, count, () => ((char)('A' + Whole(0, 25))).ToString()));
}
