using System.Text;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Columns;

/// <summary>Fits batches of an input with typed columns to the plan, one after another. Columns that need no change are handed on as they are.</summary>
internal sealed class BatchFitter(ConversionRequest request, ConversionPlan plan, DataSchema schema, NullSpellings nulls)
{
    readonly ColumnCaster[] _casters = [.. plan.Columns.Select(c => new ColumnCaster(c, nulls))];
    readonly RowJudge _judge = new(request.Checks, request.Limits.MaxRawCharacters);
    readonly HashSet<long> _skipped = [.. request.SkipRecords];
    readonly long _knownAt = request.Lineage is { } lineage ? TimestampValue.FromDateTime(lineage.KnownAt.UtcDateTime, TimeUnit.Microseconds, isUtc: true).Units : 0;
    long _rows;

    /// <summary>The rows of a batch in the schema of the output. The batch must stay until they are written.</summary>
    public ParsedBlock Fit(RecordBatch batch)
    {
        var block = new ParsedBlock();
        var drop = new bool[batch.Count];
        for (var row = 0; row < batch.Count && _skipped.Count > 0; row++)
            drop[row] = _skipped.Contains(_rows + row);
        block.Rows = batch.Count - drop.Count(d => d);
        var columns = new List<ColumnVector>(schema.Count);
        for (var i = 0; i < _casters.Length; i++)
        {
            var column = Column(i, batch, block, drop);
            columns.Add(column);
            if (!plan.Columns[i].Column.Nullable && column.NullCount > 0)
                RefuseNulls(i, batch, column, block, drop);
        }

        AddLineage(columns, batch.Count);
        block.Batch = Kept(columns, drop);
        block.Rejected.Sort((left, right) => left.Row.CompareTo(right.Row));
        var first = _rows;
        _rows += batch.Count;
        if (request.Checks.Count == 0)
            return block;
        block.RowNumbers.AddRange(Enumerable.Range(0, batch.Count).Where(r => !drop[r]).Select(r => first + r + 1));
        _judge.Judge(block, (numbers, found) =>
        {
            foreach (var number in numbers.Order())
                found(new(number, -1, number), Encoding.UTF8.GetBytes(Describe(batch, (int)(number - first - 1))));
        });
        return block;
    }

    ColumnVector Column(int place, RecordBatch batch, ParsedBlock block, bool[] drop)
    {
        var (column, source, constant) = (plan.Columns[place].Column, plan.Columns[place].Source, plan.Columns[place].Constant);
        void Misfit(int row) => Refuse(place, batch, row, "type", column.Type.ToString(), column.Nullable, block, drop);
        if (source is null)
            return _casters[place].Repeat(constant, batch.Count, Misfit);
        var found = batch[source];
        return found.Type == column.Type && plan.Columns[place].IsPlain ? found : _casters[place].Cast(found, Misfit);
    }

    void RefuseNulls(int place, RecordBatch batch, ColumnVector column, ParsedBlock block, bool[] drop)
    {
        for (var row = 0; row < column.Count; row++)
        {
            if (column.IsNull(row) && !drop[row])
                Refuse(place, batch, row, "not-null", "a value", canDiscard: false, block, drop);
        }
    }

    /// <summary>The first thing wrong with a row is the one that is told.</summary>
    void Refuse(int place, RecordBatch batch, int row, string rule, string expected, bool canDiscard, ParsedBlock block, bool[] drop)
    {
        if (drop[row])
            return;
        var name = plan.Columns[place].Column.Name;
        var number = _rows + row + 1;
        if (request is { Schema: not null, Policy: SchemaPolicy.Freeze })
            throw new ConversionException($"record {number}: column '{name}' must be {expected}. The record: {Describe(batch, row)}");
        var isValueOnly = canDiscard && request.Policy == SchemaPolicy.DiscardValue;
        block.Rejected.Add(new(number, -1, number, name, rule, expected, Describe(batch, row), isValueOnly));
        if (isValueOnly)
        {
            block.ValuesDiscarded++;
            return;
        }

        drop[row] = true;
        block.RowsRejected++;
    }

    /// <summary>A record as its fields, as formats without text of it are quarantined.</summary>
    string Describe(RecordBatch batch, int row)
    {
        var text = new StringBuilder();
        for (var i = 0; i < batch.Schema.Count && text.Length < request.Limits.MaxRawCharacters; i++)
        {
            if (batch.Columns[i].GetText(row) is { } value)
                text.Append(text.Length > 0 ? "; " : "").Append(batch.Schema[i].Name).Append('=').Append(value);
        }

        return text.Length <= request.Limits.MaxRawCharacters ? text.ToString() : text.ToString(0, request.Limits.MaxRawCharacters);
    }

    void AddLineage(List<ColumnVector> columns, int rows)
    {
        if (request.Lineage is not { } lineage)
            return;
        var builders = LineageColumns.Columns.Select(c => ColumnBuilder.For(c.Type)).ToArray();
        var (source, run) = (Encoding.UTF8.GetBytes(lineage.Source), Encoding.UTF8.GetBytes(lineage.Run));
        for (var row = 0; row < rows; row++)
        {
            ((BytesBuilder)builders[0]).Append(source);
            ((BytesBuilder)builders[1]).Append(run);
            ((FixedBuilder<long>)builders[2]).Append(_rows + row + 1);
            ((FixedBuilder<long>)builders[3]).Append(_knownAt);
        }

        columns.AddRange(builders.Select(b => b.Detach()));
    }

    RecordBatch Kept(List<ColumnVector> columns, bool[] drop)
    {
        if (!Array.Exists(drop, d => d))
            return new(schema, columns);
        var builder = new RecordBatchBuilder(schema);
        for (var row = 0; row < drop.Length; row++)
        {
            if (drop[row])
                continue;
            for (var i = 0; i < columns.Count; i++)
                builder[i].AppendFrom(columns[i], row);
            builder.EndRow();
        }

        return builder.Detach();
    }
}
