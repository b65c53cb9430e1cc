using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>Turns blocks into columns: by the format's fast parser as far as that goes, and row by row where something is unusual.</summary>
internal sealed class WritingWorker : IBlockWorker<ParsedBlock>
{
    /// <summary>Bytes read row by row before the fast parser is tried again.</summary>
    const int PieceBytes = 16 << 10;

    /// <summary>Attempts in vain after which the rest of a block is read row by row.</summary>
    const int MostAttempts = 16;
    readonly IBlockFormat _format;
    readonly ConversionInput _input;
    readonly ConversionPlan _plan;
    readonly IReadOnlyList<string> _known;
    readonly IBlockReader _reader;
    readonly IBlockParser? _parser;
    readonly WritingConsumer _consumer;
    readonly RowJudge _judge;

    /// <param name="known">The names of the input's columns.</param>
    /// <param name="strict">By column of the plan, see <see cref="BlockPlan"/>; null where the plan does not rest on part of the input.</param>
    public WritingWorker(
        IBlockFormat format, ConversionInput input, ConversionPlan plan, DataSchema schema, IReadOnlyList<string> known, IReadOnlyList<bool>? strict)
    {
        (_format, _input, _plan, _known) = (format, input, plan, known);
        _reader = format.CreateReader();
        _parser = plan.Columns.All(c => c.IsPlain) ? format.CreateParser(new(plan.Columns, strict ?? new bool[plan.Columns.Count], known, input.Nulls, input.Request)) : null; // what becomes another value is the row reader's
        _consumer = new(input.Request, plan, schema, input.Quote, input.Nulls, strict is not null, null) { Names = Names() };
        _judge = new(input.Request.Checks, input.Request.Limits.MaxRawCharacters);
    }

    public ParsedBlock Run(Block block, BlockStart start, CancellationToken cancellationToken)
    {
        var isHead = start == BlockStart.Content && _format.NamesAtStart;
        if (isHead)
            _consumer.Names = new(_input.Request.Limits.MaxColumns);
        _reader.Begin(start);
        var used = 0;
        FrozenRowException? frozen = null;
        try
        {
            used = Read(block, start == BlockStart.Record, cancellationToken);
        }
        catch (FrozenRowException row)
        {
            frozen = row;
        }

        var result = _consumer.Take();
        result.Bytes = used;
        result.Lines = block.Content[..used].Count((byte)'\n');
        result.EndsInsideRejected = _reader.IsInsideRejected;
        (result.Counts, result.Notes) = (new Dictionary<string, long>(_reader.Counts, StringComparer.Ordinal), [.. _reader.Notes]);
        result.Frozen = frozen;
        if (_parser is not null)
            result.NullSpellings = [.. Enumerable.Range(0, _plan.Columns.Count).Select(_parser.TakeNullSpellings)];
        if (_consumer.Names.Count > _known.Count)
        {
            result.NewNames = [.. Enumerable.Range(_known.Count, _consumer.Names.Count - _known.Count).Select(i => _consumer.Names[i])];
            _consumer.TruncateNames(_known.Count);
        }
        else if (isHead)
        {
            _consumer.Names = Names();
        }

        _judge.Judge(result, (rows, found) => Find(block, start, rows, found));
        return result;
    }

    ColumnNames Names()
    {
        var names = new ColumnNames(_input.Request.Limits.MaxColumns);
        foreach (var name in _known)
            names.Add(name);
        return names;
    }

    int Read(Block block, bool isFast, CancellationToken cancellationToken)
    {
        var (used, piece, attempts) = (0, PieceBytes, 0);
        var (placed, parsedRows) = (0, 0);
        while (used < block.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (isFast && _parser is not null && attempts < MostAttempts)
            {
                var parsed = _parser.Parse(block.Content[used..], _consumer.Builder, out var rows);
                if (parsed > 0)
                {
                    _consumer.AddParsed(_consumer.Rows + 1, rows);
                    parsedRows += rows;
                    used += parsed;
                    if (used == block.Length)
                        break;
                }

                attempts = parsed > piece ? 0 : attempts + 1;
            }

            // The reader's places are needed only now.
            _reader.Skip(block.Content[placed..used], parsedRows);
            var take = Math.Min(piece, block.Length - used);
            var isRest = used + take == block.Length;
            var read = _reader.Read(block.Content.Slice(used, take), block.IsLast && isRest, _consumer);
            if (read == 0 && isRest)
                break;
            (isFast, piece) = read == 0 ? (false, piece * 2) : (!_reader.IsInsideRejected, PieceBytes);
            used += read;
            (placed, parsedRows) = (used, 0);
        }

        return used;
    }

    void Find(Block block, BlockStart start, IReadOnlySet<long> rows, RowJudge.FoundRecord found)
    {
        var reader = _format.CreateReader();
        reader.Begin(start);
        var names = start == BlockStart.Content && _format.NamesAtStart ? new(_input.Request.Limits.MaxColumns) : Names();
        reader.Read(block.Content, block.IsLast, new RecordFinder(names, rows, found));
    }
}
