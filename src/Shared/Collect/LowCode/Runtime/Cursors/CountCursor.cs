using System.Globalization;
using System.Numerics;

namespace DataIngestion.Collect;

/// <summary>A cursor of whole numbers that only grow (<c>IncrementingCountCursor</c>).</summary>
internal sealed class CountCursor : StreamCursor
{
    const string StartField = "start_value";

    readonly string _field;
    readonly BigInteger _start;
    readonly InjectedOption? _option;

    public CountCursor(Part part, LowCodeRun run)
    {
        _field = part.NeededExpression("cursor_field").Text(run.Context);
        _start = part.Expression("start_value")?.Whole(run.Context) ?? 0;
        _option = InjectedOption.Of(part, "start_value_option");
    }

    public override IEnumerable<LowCodeMap> Windows(string? state) => [new() { [StartField] = Numbers.Normal(Read(state) ?? _start) }];

    public override void Put(RequestOptions options, StreamSlice slice, TemplateContext context) => _option?.Put(options, slice.Window.Find(StartField), context);

    public override CursorTrack Track(string? state) => new CountTrack(this, state);

    static BigInteger? Read(object? value) => value switch
    {
        null => null,
        string text => BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ => Numbers.WholeOf(value),
    };

    sealed class CountTrack(CountCursor cursor, string? state) : CursorTrack
    {
        readonly BigInteger? _from = Read(state);
        BigInteger? _furthest;

        public override string? State => _furthest is { } furthest && !(furthest <= _from) ? furthest.ToString(CultureInfo.InvariantCulture) : state;

        public override bool IsWanted(LowCodeMap record) => Read(record.Find(cursor._field)) is not { } number || number >= (_from ?? cursor._start);

        public override bool IsOld(LowCodeMap record) => Read(record.Find(cursor._field)) < (_from ?? cursor._start);

        public override void Note(LowCodeMap record)
        {
            if (Read(record.Find(cursor._field)) is { } number && !(number <= _furthest))
                _furthest = number;
        }
    }
}
