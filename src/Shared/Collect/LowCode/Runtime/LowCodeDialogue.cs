using System.Text.Encodings.Web;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// The talk of a manifest's stream with its source. Everything that has to be asked, also for its parents and for streams that are made on
/// the way, is one line of requests, so that a repeated collection asks the same. The stream's records are written down as NDJSON.
/// </summary>
internal sealed class LowCodeDialogue : IDialogue
{
    static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    static readonly byte[] LineEnd = "\n"u8.ToArray();

    readonly IEnumerator<Step> _steps;
    Step? _step;
    Answer? _answer;
    IRecordSink _sink = NoSink.Instance;
    long _records;

    /// <param name="steps">Makes the steps; it is given what is to be told about each record.</param>
    public LowCodeDialogue(Func<Action<LowCodeMap>, IEnumerable<Step>> steps)
    {
        _steps = steps(Write).GetEnumerator();
        _step = Next();
    }

    public Ask? First => _step?.Ask;

    public bool WritesRecords => true;

    public ValueTask<TimeSpan?> CheckAsync(Ask ask, PageNote note, Stream body, CancellationToken cancellationToken) =>
        new(_step?.Check?.Invoke(new(note, body)));

    public ValueTask<PageReading> ReadAsync(Ask ask, PageNote note, Stream body, IRecordSink sink, Stream? records, CancellationToken cancellationToken)
    {
        _answer = new(note, body, records);
        (_sink, _records) = (sink, 0);
        _step!.Answer = _answer;
        _step = Next();
        _answer = null;
        return new(new PageReading(_records, _step?.Ask));
    }

    Step? Next()
    {
        try
        {
            return _steps.MoveNext() ? _steps.Current : null;
        }
        catch (ManifestException wrong)
        {
            throw new StepFailedException(new() { Code = "configuration-invalid", Message = wrong.Message }, wrong);
        }
    }

    void Write(LowCodeMap record)
    {
        if (_answer?.Records is not { } records)
            throw new InvalidOperationException("A record came without an answer that is data.");
        using (var writer = new Utf8JsonWriter(records, Plain))
            JsonValues.Write(writer, record);
        records.Write(LineEnd);
        _sink.OnRecord(_records++, null, []);
    }
}
